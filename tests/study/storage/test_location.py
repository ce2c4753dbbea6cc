"""What is written after --storage: paths, URLs, and what must never be printed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.errors import StorageError
from hpsoft.study.storage.location import Backend, locate, redacted


def test_the_default_is_a_journal_in_this_folder(tmp_path, monkeypatch):
    """Without an option and a variable it is ./hpsoft.journal."""
    monkeypatch.delenv("OPTUNA_STORAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert locate().path == tmp_path / "hpsoft.journal"
    assert locate().backend is Backend.JOURNAL


def test_optuna_storage_is_the_default_and_the_option_wins(tmp_path, monkeypatch):
    """The variable is Optuna's own."""
    monkeypatch.setenv("OPTUNA_STORAGE", f"sqlite:///{tmp_path}/a.db")
    assert locate().path == tmp_path / "a.db"
    assert locate(tmp_path / "b.journal").path == tmp_path / "b.journal"


@pytest.mark.parametrize(
    ("text", "backend", "path"),
    [
        ("/x/a.journal", Backend.JOURNAL, "/x/a.journal"),
        ("/x/a.log", Backend.JOURNAL, "/x/a.log"),
        ("/x/a.sqlite3", Backend.DATABASE, "/x/a.sqlite3"),
        ("sqlite:////x/a.db?timeout=1", Backend.DATABASE, "/x/a.db"),
        ("postgresql+psycopg://u@h/d", Backend.DATABASE, None),
        ("mysql://u@h/d", Backend.DATABASE, None),
        ("redis://h:6379/0", Backend.REDIS, None),
    ],
)
def test_paths_and_urls_are_told_apart(text, backend, path):
    """A suffix says what a path is, a scheme what a URL is."""
    location = locate(text)
    assert (location.backend, location.path) == (backend, path and Path(path))


@pytest.mark.parametrize(
    ("url", "path", "timeout"),
    [
        ("sqlite:////x/what now?.db", "/x/what now?.db", None),
        ("sqlite:////x/p%20q#1/ü.db", "/x/p%20q#1/ü.db", None),
        ("sqlite:////x/a?b=1.db?timeout=2.5", "/x/a?b=1.db", 2.5),
        ("sqlite:////x/a.db?check_same_thread=false&timeout=3", "/x/a.db", 3.0),
    ],
)
def test_a_sqlite_url_is_a_path_to_its_options(url, path, timeout):
    """A question mark that no option follows belongs to the path, and so does a per cent sign."""
    assert (locate(url).path, locate(url).timeout) == (Path(path), timeout)


def test_a_timeout_that_is_no_number_is_said():
    with pytest.raises(StorageError, match="no number of seconds"):
        locate("sqlite:////x/a.db?timeout=soon")


ODD = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=20
) | st.sampled_from(["?", "%20", "#", " ", "a?b=1", "%", "100% ü?#", "{0}", "file:", "..."])


@given(folder=ODD, name=ODD)
def test_a_path_is_taken_as_it_is(folder, name):
    """Alone and in a URL: nothing in it is a query, a fragment or a code of a letter."""
    for path in (f"/d{folder}/n{name}.db", f"/d{folder}/n{name}.journal"):
        assert locate(path).path == Path(path)
    assert locate(f"sqlite:////d{folder}/n{name}.db").path == Path(f"/d{folder}/n{name}.db")


@pytest.mark.parametrize("text", ["sqlite://", "sqlite:///:memory:", "sqlite:///?timeout=1"])
def test_a_database_in_memory_is_refused(text):
    """It would be gone when the command ends."""
    with pytest.raises(StorageError, match="in memory"):
        locate(text)


@pytest.mark.parametrize("name", ["/x/a.db", ":memory:", "a?mode=memory&cache=shared"])
def test_a_uri_of_sqlites_own_is_refused(name):
    """It may be in memory as well, and nobody could lock its file."""
    with pytest.raises(StorageError, match="Give the path itself"):
        locate(f"sqlite:///file:{name}{'&' if '?' in name else '?'}uri=true")


@pytest.mark.parametrize("text", ["studies", "a.csv", "oracle://u:s3cret@h/d", "http://h"])
def test_unknown_kinds_of_storage_are_refused(text):
    """The message names what there is, and no password."""
    with pytest.raises(StorageError, match="journal") as caught:
        locate(text)
    assert "s3cret" not in str(caught.value)


WORD = st.text("abcXYZ019.-_%", min_size=1)


@given(WORD, st.text("pqr:@/?#[]!$&'()*+,;=", min_size=1), WORD)
def test_no_password_survives_redaction(user, password, host):
    """Not even one that should have been quoted; who and where stay readable."""
    shown = redacted(f"cannot reach postgresql://{user}:{password}@{host}/db now")
    assert shown == f"cannot reach postgresql://{user}:***@{host}/db now"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:pw@h:6379/0", "redis://:***@h:6379/0"),
        ("mysql://me@corp:pw@h/d", "mysql://me@corp:***@h/d"),
        ("postgresql://h/d?user=me&password=pw&x=1", "postgresql://h/d?user=me&password=***&x=1"),
        ("sqlite:////x/a.db", "sqlite:////x/a.db"),
        ("redis://h:6379/0", "redis://h:6379/0"),
    ],
)
def test_redaction_hides_passwords_only(url, shown):
    """Wherever a URL may hold one."""
    assert redacted(url) == shown
    assert str(locate(url)) in {shown, "/x/a.db"}
