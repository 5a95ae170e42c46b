"""A password of a list of leaked ones is refused, wherever in the list it stands."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from samsyn.webkit.leaked import Leaked, is_list, stands_in


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def listed(path: Path, passwords: list[str], end: str = "\r\n") -> Path:
    """The list as it is downloaded: in the order of the hashes, each with its count."""
    hashes = sorted(map(sha1, passwords))
    path.write_bytes("".join(f"{h}:{n}{end}" for n, h in enumerate(hashes, 1)).encode())
    return path


@pytest.mark.parametrize("count", [1, 2, 3, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_password_of_the_list_is_refused_and_no_other(
    tmp_path: Path, count: int, end: str
) -> None:
    passwords = [f"lösenord nummer {n}" for n in range(count)]
    validator = Leaked(str(listed(tmp_path / "leaked.txt", passwords, end)))
    for one in passwords:
        with pytest.raises(ValidationError):
            validator.validate(one)
    for n in range(50):
        validator.validate(f"något annat {n}")


@given(st.sets(st.text(min_size=1), max_size=20), st.text(min_size=1))
def test_what_is_found_is_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, there: set[str], asked: str
) -> None:
    file = listed(tmp_path_factory.getbasetemp() / "leaked.txt", sorted(there))
    assert stands_in(file, sha1(asked).encode()) == (asked in there)


def test_another_file_is_no_list(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("password\n123456\n")
    assert not is_list(other)
    assert not is_list(tmp_path / "none")
    assert is_list(listed(tmp_path / "leaked.txt", ["x"]))
