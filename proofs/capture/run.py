"""Plays random histories of an engine, one database each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from proofs.capture.history import History, history, played, text
from proofs.capture.postgres_history import PostgresDialect, PostgresPrograms
from proofs.capture.sqlite_history import SqliteDialect, SqlitePrograms
from tests.postgres import Server


class Missed(AssertionError):
    """A history after which the two sides differ, with its script."""

    def __init__(self, told: History, why: BaseException) -> None:
        super().__init__(f"seed {told.seed}: {type(why).__name__}: {why}\n{text(told)}")


Play = Callable[[int], int]
"""Plays a seed and gives the number of statements the database took. Raises Missed."""


def on_sqlite(folder: Path) -> Play:
    """Each history in a new file of the folder."""

    def play(seed: int) -> int:
        told = history(seed, SqliteDialect())
        path = folder / f"{seed}.db"
        programs = SqlitePrograms(path)
        try:
            return played(told, programs)
        except Exception as why:
            raise Missed(told, why) from why
        finally:
            programs.close()
            for file in folder.glob(f"{seed}.db*"):
                file.unlink()

    return play


def on_postgres(server: Server) -> Play:
    """Each history in a new database of the server."""

    def play(seed: int) -> int:
        told = history(seed, PostgresDialect())
        with server.database() as url:
            programs = PostgresPrograms(url)
            try:
                return played(told, programs)
            except Exception as why:
                raise Missed(told, why) from why
            finally:
                programs.close()

    return play
