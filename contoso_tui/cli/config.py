"""The configuration: TOML files in layers, later ones win; a wrong key is a warning, never a failure (ux: Config)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import UsageError

SITE_FILE = Path("/etc/xdg/contoso/config.toml")

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "data": {"path": ""},
    "me": {"home": "", "view": "mine-open"},
    "board": {"sort": "attention", "card_lines": 3, "pane": "nurture"},
    "ui": {
        "theme": "auto",
        "glyphs": "unicode",
        "mouse": True,
        "bandwidth": "auto",
        "hint_delay_ms": 300,
        "status_seconds": 8,
    },
    "locale": {"dates": "auto", "week_starts": "auto", "timezone": "auto"},
    "clipboard": {"method": "auto", "max_bytes": 74_994},
    "notify": {"bell": False, "osc9": False, "title": "app"},
    "editor": {"command": ""},
}
_CHOICES: Mapping[str, tuple[Any, ...]] = {
    "board.sort": ("attention", "amount", "close", "name"),
    "board.card_lines": (1, 2, 3),
    "board.pane": ("nurture", "preview", "off"),
    "ui.theme": ("auto", "contoso-dark", "contoso-light", "terminal", "high-contrast", "mono"),
    "ui.glyphs": ("unicode", "ascii"),
    "ui.bandwidth": ("auto", "low", "full"),
    "clipboard.method": ("auto", "osc52", "tmux", "none"),
    "notify.title": ("app", "off", "full"),
}
# Sections whose keys the user names: views, and keys of each area.
_FREE = ("views", "keys")


@dataclass(slots=True)
class Config:
    """The values in force; `values` maps "section.key" to a value, `keys` an action's id to its keys."""

    values: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, str | list[str]] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    locked: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        """Return the value of "section.key"; a missing one has its default."""
        if name in self.values:
            return self.values[name]
        section, key = name.split(".", 1)
        return DEFAULTS[section][key]


def load(extra: str | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read all layers: site file, the user's file, the file `extra`, then CONTOSO_* variables.

    Raises:
        UsageError: the file `extra` can't be read; a broken file elsewhere is a warning.
    """
    found = Config()
    _take_file(found, SITE_FILE, is_site=True)
    _take_file(found, user_file(environ))
    if extra:
        if not Path(extra).is_file():
            raise UsageError(f"There is no configuration file {extra}")
        _take_file(found, Path(extra))
    _take_environment(found, environ)
    return found


def user_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the user's own file, $XDG_CONFIG_HOME/contoso/config.toml."""
    return Path(environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "contoso" / "config.toml"


def _take_file(config: Config, path: Path, *, is_site: bool = False) -> None:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        config.warnings.append(f"{path} can't be read and is left out: {error}")
        return
    # Costs some milliseconds that a start without files need not pay.
    import tomllib

    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        config.warnings.append(f"{path} is no TOML and is left out: {error}")
        return
    config.files.append(path)
    if is_site:
        config.locked = frozenset(str(name) for name in raw.pop("locked", ()))
    for section, content in raw.items():
        if not isinstance(content, dict) or section not in (*DEFAULTS, *_FREE):
            config.warnings.append(_unknown(path, text, section, section, (*DEFAULTS, *_FREE)))
        elif section == "keys":
            _take_keys(config, content)
        elif section == "views":
            config.views.update(content)
        else:
            for key, value in content.items():
                _take(config, section, key, value, where=path, text=text, is_site=is_site)


def _take_keys(config: Config, content: dict[str, Any]) -> None:
    for area, actions in content.items():
        if isinstance(actions, dict):
            config.keys.update({f"{area}.{name}": keys for name, keys in actions.items()})
        else:
            config.warnings.append(f"[keys] {area} must be a section like [keys.deal]")


def _take(
    config: Config, section: str, key: str, value: Any, *, where: Path | str, text: str = "", is_site: bool = False
) -> None:
    name = f"{section}.{key}"
    if key not in DEFAULTS[section]:
        known = {f"{s}.{k}": k for s, keys in DEFAULTS.items() for k in keys}
        config.warnings.append(_unknown(where, text, key, name, tuple(known)))
        return
    if name in config.locked and not is_site:
        config.warnings.append(f"{where}: {name} is locked by {SITE_FILE}")
        return
    default = DEFAULTS[section][key]
    is_number = isinstance(default, int) and not isinstance(default, bool)
    fits = (
        isinstance(value, (int, float)) and not isinstance(value, bool) if is_number else type(value) is type(default)
    )
    choices = _CHOICES.get(name)
    if not fits or (choices and value not in choices):
        wanted = " ".join(str(choice) for choice in choices) if choices else type(default).__name__
        config.warnings.append(f"{_place(where, text, key)}: {name} is {wanted}, not {value!r}; {default!r} is used")
        return
    config.values[name] = value


def _unknown(where: Path | str, text: str, word: str, name: str, known: tuple[str, ...]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{_place(where, text, word)}: there is no setting {name}{hint}"


def _place(where: Path | str, text: str, word: str) -> str:
    pattern = re.compile(rf"^\s*\[?\s*{re.escape(word)}\b")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return f"{where}, line {number}"
    return str(where)


def _take_environment(config: Config, environ: Mapping[str, str]) -> None:
    if path := environ.get("CONTOSO_DATA"):
        _take(config, "data", "path", path, where="CONTOSO_DATA")
    for section, keys in DEFAULTS.items():
        for key, default in keys.items():
            variable = f"CONTOSO_{section}_{key}".upper()
            if variable not in environ:
                continue
            written = environ[variable]
            value: Any = written
            if isinstance(default, bool):
                value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
                    written.lower(), written
                )
            elif isinstance(default, int):
                value = int(written) if written.lstrip("-").isdigit() else written
            _take(config, section, key, value, where=variable)
