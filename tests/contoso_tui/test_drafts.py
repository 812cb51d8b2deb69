import datetime as dt
import stat
from pathlib import Path

from contoso_tui.drafts import DraftKey, DraftStore, default_folder

NOW = dt.datetime(2026, 11, 18, 21, 0, tzinfo=dt.UTC)
KEY = DraftKey("ana.wu", "/srv/contoso.db", "lost", "D-1042")


def test_a_draft_survives_the_program_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "drafts"
    store = DraftStore(folder)
    store.save(KEY, {"reason": "price", "lesson": "東京\n[/b]"}, "Lost · D-1042", NOW)
    store.flush()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600]
    assert "1042" not in files[0].name
    found = DraftStore(folder).open(KEY)
    assert found is not None
    assert found.values == {"reason": "price", "lesson": "東京\n[/b]"}
    assert (found.title, found.saved_at) == ("Lost · D-1042", NOW)


def test_drafts_are_listed_for_one_user_and_database_newest_first(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    later = NOW + dt.timedelta(minutes=5)
    store.save(KEY, {}, "first", NOW)
    store.save(DraftKey("ana.wu", "/srv/contoso.db", "won", "D-1"), {}, "second", later)
    store.save(DraftKey("bo.lee", "/srv/contoso.db", "won", "D-1"), {}, "his", later)
    store.save(DraftKey("ana.wu", "/other.db", "won", "D-1"), {}, "elsewhere", later)
    assert [draft.title for draft in store.list("ana.wu", "/srv/contoso.db")] == ["second", "first"]


def test_a_dropped_draft_is_gone_also_before_it_was_written(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    store.save(KEY, {"a": "1"}, "t", NOW)
    store.drop(KEY)
    store.flush()
    assert store.open(KEY) is None
    store.save(KEY, {"a": "1"}, "t", NOW)
    store.flush()
    store.drop(KEY)
    assert list(tmp_path.iterdir()) == []
    assert store.of_this_session == set()


def test_a_damaged_file_is_no_draft(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    store.save(KEY, {"a": "1"}, "t", NOW)
    store.flush()
    next(tmp_path.iterdir()).write_text('{"key": {"user"', "utf-8")
    (tmp_path / "other.json").write_text("[]", "utf-8")
    assert store.open(KEY) is None
    assert store.list("ana.wu", "/srv/contoso.db") == []


def test_the_folder_follows_the_state_home() -> None:
    assert default_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/contoso/drafts")
