"""`contoso completion`: scripts for bash, zsh and fish, made from the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli.parser import NOUNS, Group, Parser, build

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

_FILES = ("--data", "--config", "--answers", "--keep", "--output", "--pdf")


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    made = group.command("", show, "print a completion script", needs_database=False)
    made.add_argument("shell", choices=("bash", "zsh", "fish"))


def show(call: Call) -> None:
    """Print the script."""
    tree = _tree(build())
    script = {"bash": bash, "zsh": zsh, "fish": fish}[call.args.shell](tree)
    print(script, end="")


def _tree(top: Parser) -> dict[str, tuple[list[str], list[str]]]:
    """Return the words and flags that may follow each "noun verb" (a noun alone for its verbs)."""
    found: dict[str, tuple[list[str], list[str]]] = {"": (list(NOUNS), top.flags())}
    for noun, parser in top.children().items():
        found[noun] = ([*parser.children(), *parser.choices()], parser.flags())
        for verb, command in parser.children().items():
            found[f"{noun} {verb}"] = (command.choices(), command.flags())
    # `run` is only what a bare `contoso import DIR` means.
    words, _ = found["import"]
    found["import"] = ([word for word in words if word != "run"], found["import run"][1])
    del found["import run"]
    return found


def bash(tree: dict[str, tuple[list[str], list[str]]]) -> str:
    """Return the script for bash."""
    lines = [
        '# completion of contoso for bash: eval "$(contoso completion bash)"',
        "_contoso() {",
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} noun= verb= at",
        "  for ((at = 1; at < COMP_CWORD; at++)); do",
        "    [[ ${COMP_WORDS[at]} == -* ]] && continue",
        "    if [[ -z $noun ]]; then noun=${COMP_WORDS[at]}; elif [[ -z $verb ]]; then verb=${COMP_WORDS[at]}; fi",
        "  done",
        "  local words= flags=",
        '  case "$noun $verb" in',
    ]
    for name in sorted((name for name in tree if " " in name), key=len, reverse=True):
        words, flags = tree[name]
        lines.append(f'    "{name}") words="{" ".join(words)}" flags="{" ".join(flags)}" ;;')
    lines += ["    *)", '      case "$noun" in']
    for name in (name for name in tree if name and " " not in name):
        words, flags = tree[name]
        lines.append(f'        {name}) words="{" ".join(words)}" flags="{" ".join(flags)}" ;;')
    nouns, flags = tree[""]
    lines += [
        f'        "") words="{" ".join(nouns)}" flags="{" ".join(flags)}" ;;',
        "      esac ;;",
        "  esac",
        f'  case "$before" in {"|".join(_FILES)}) COMPREPLY=($(compgen -f -- "$word")); return ;; esac',
        '  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))',
        '  else COMPREPLY=($(compgen -W "$words" -- "$word")); fi',
        '  [[ $noun == import && $word != -* ]] && COMPREPLY+=($(compgen -f -- "$word"))',
        "  return 0",
        "}",
        "complete -o filenames -F _contoso contoso",
    ]
    return "\n".join(lines) + "\n"


def zsh(tree: dict[str, tuple[list[str], list[str]]]) -> str:
    """Return the script for zsh, which runs the one for bash."""
    head = '#compdef contoso\n# completion of contoso for zsh: eval "$(contoso completion zsh)"\n'
    return f"{head}autoload -U +X bashcompinit && bashcompinit\n{bash(tree)}"


def fish(tree: dict[str, tuple[list[str], list[str]]]) -> str:
    """Return the script for fish."""
    lines = ["# completion of contoso for fish: contoso completion fish | source"]
    nouns = " ".join(tree[""][0])
    for name, (words, flags) in tree.items():
        noun, _, verb = name.partition(" ")
        if not noun:
            when = f"not __fish_seen_subcommand_from {nouns}"
        elif verb:
            when = f"__fish_seen_subcommand_from {noun}; and __fish_seen_subcommand_from {verb}"
        else:
            when = f"__fish_seen_subcommand_from {noun}"
        files = "" if noun == "import" else "-f "
        if words:
            lines.append(f"complete -c contoso {files}-n '{when}' -a '{' '.join(words)}'")
        lines += [f"complete -c contoso -n '{when}' -l {flag.removeprefix('--')}" for flag in flags]
    return "\n".join(lines) + "\n"
