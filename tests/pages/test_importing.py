"""A table is taken into a register after a person has seen, row by row, what that would do."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samsyn.online.companies.models import Person, Role
from samsyn.records import history
from samsyn.webkit.models import Draft
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import new_member, signed_in


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    made.put(
        "contacts",
        (
            1,
            {
                "name": "Ett AB",
                "city": "Malmö",
                "credit_limit": 1250.5,
                "customer_since": "2020-01-02",
            },
        ),
        (2, {"name": "Två AB", "city": "Lund", "blocked": 0}),
        (3, {"name": "Två AB"}),
    )
    made.put("persons", (11, {"name": "Bo", "contact_no": rid(1)}))
    made.put("products", (21, {"product_no": "A-1", "name": "Skruv", "price": 12}))
    return made


class Importer:
    """A person who imports into a register."""

    def __init__(self, firm: Firm, register: str, language: str = "en") -> None:
        self.firm, self.root = firm, f"{firm.root(register)}/import"
        self.client: Client = signed_in(OWNER)
        Person.objects.update(language=language)

    def send(self, text: str | bytes) -> str:
        """The preview of a table."""
        data = text.encode() if isinstance(text, str) else text
        answer = self.client.post(
            self.root, {"table": SimpleUploadedFile("kunder.csv", data)}, follow=True
        )
        return answer.content.decode()

    def do(self, **form: str) -> str:
        return self.client.post(f"{self.root}/preview", form, follow=True).content.decode()

    def say_yes(self) -> str:
        """The page after a yes to what is seen."""
        shown = self.client.get(f"{self.root}/preview").content.decode()
        seen = re.search(r'name="seen" value="(\w+)"', shown)
        assert seen
        return self.do(do="write", seen=seen[1])

    def show(self, kind: str) -> str:
        return self.client.get(f"{self.root}/preview?show={kind}").content.decode()


def counts(page: str) -> dict[str, int]:
    return {name.lower(): int(n) for name, n in re.findall(r"(\w+) <b>(\d+)</b>", page)}


TABLE = """contact_no;Name;city;credit_limit;customer_since;nothing
1;Ett AB;Malmö;1250,50;2020-01-02;x
2;Två AB;Kiruna;;;x
;Fyra AB;Umeå;99,5;24.11.2026;x
7;Sju AB;;;;x
;Fem AB;;mycket;i går;x
2;Två igen;;;;x
"""


def test_each_row_is_new_changed_unchanged_or_refused_and_nothing_is_written_before_a_yes(
    firm: Firm,
) -> None:
    anna = Importer(firm, "contacts", "sv")
    before = firm.all("contacts")
    page = anna.send(TABLE)
    assert counts(page) == {"new": 1, "changed": 1, "unchanged": 1, "refused": 3}
    assert "nothing" in page, "what is left out is told"
    for words in ("Write a number.", "Row 3 is the same record.", "There is no such record"):
        assert words in page
    assert "Kiruna" in anna.show("changed")
    assert firm.all("contacts") == before
    done = anna.say_yes()
    assert "1 new record" in done
    now = {c["name"]: c for c in firm.all("contacts")}
    assert (now["Fyra AB"]["credit_limit"], now["Fyra AB"]["customer_since"]) == (
        99.5,
        "2026-11-24",
    )
    assert [c["city"] for c in firm.all("contacts") if c["contact_no"] == 2] == ["Kiruna"]
    assert "Sju AB" not in now
    assert not Draft.objects.exists()


def test_an_import_is_one_batch_of_its_own_source(firm: Firm) -> None:
    anna = Importer(firm, "contacts")
    anna.send("contact_no,name,city\n1,Ett AB,Ystad\n,Ny AB,Umeå\n")
    anna.say_yes()
    told = history.latest(firm.tenant, 10)
    assert {(one.source, one.by) for one in told} == {("import", OWNER)}
    assert len({one.batch for one in told}) == 1, "so that it can be undone as one"


def test_an_export_that_is_imported_changes_nothing(firm: Firm) -> None:
    for language in ("sv", "en"):
        for register in ("contacts", "persons", "products"):
            anna = Importer(firm, register, language)
            for form in ("", "?as=xlsx"):
                got = anna.client.get(f"{firm.root(register)}/export{form}")
                told = counts(anna.send(b"".join(got.streaming_content)))  # type: ignore[attr-defined]  # streamed
                assert set(told) == {"unchanged"}, (register, language, form, told)


def test_references_are_told_by_title_or_number(firm: Firm) -> None:
    anna = Importer(firm, "persons")
    page = anna.send(
        "name,contact_no\nAda,Ett AB\nBea,2\nCia,Två AB\nDea,Två AB (3)\nEva,Ingen AB\n"
    )
    assert counts(page) == {"new": 3, "refused": 2}
    assert "Several are called that. Write the number." in page
    assert "Nothing there is called that." in page
    anna.say_yes()
    assert {p["name"]: p["contact_no"] for p in firm.all("persons")} == {
        "Bo": rid(1), "Ada": rid(1), "Bea": rid(2), "Dea": rid(3),
    }  # fmt: skip


def test_a_key_that_a_person_gives_is_kept_and_may_not_be_taken_twice(firm: Firm) -> None:
    anna = Importer(firm, "products")
    page = anna.send("product_no,name\nA-1,Skruvar\nB-2,Mutter\nB-2,Bricka\n")
    assert counts(page) == {"new": 1, "changed": 1, "refused": 1}
    assert "Another record has this key already." in page
    anna.say_yes()
    assert {p["product_no"]: p["name"] for p in firm.all("products")} == {
        "A-1": "Skruvar",
        "B-2": "Mutter",
    }


def test_columns_and_the_way_to_the_record_are_chosen(firm: Firm) -> None:
    anna = Importer(firm, "contacts")
    page = anna.send("Kund,Ort\nEtt AB,Ystad\nTvå AB,Lund\n")
    assert counts(page) == {"refused": 2}, "no column is known"
    page = anna.do(**{"do": "match", "column-0": "name", "column-1": "city", "way": "field:name"})
    assert counts(page) == {"changed": 1, "refused": 1}
    assert "Several records fit. Only one may." in anna.show("refused")
    page = anna.do(**{"do": "match", "column-0": "name", "column-1": "", "way": ""})
    assert counts(page) == {"new": 2}


def test_what_changed_since_it_was_seen_is_shown_before_it_is_written(firm: Firm) -> None:
    anna = Importer(firm, "contacts")
    page = anna.send("contact_no,city\n1,Ystad\n")
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    edit = {"was:city": "Malmö", "v:city": "Växjö"}
    signed_in(OWNER).post(f"{firm.root('contacts')}/{rid(1)}/edit", edit)
    page = anna.do(do="write", seen=seen[1])
    assert "Something has changed meanwhile" in page
    assert "Växjö" in page
    assert firm.all("contacts")[0]["city"] == "Växjö"
    anna.say_yes()
    assert firm.all("contacts")[0]["city"] == "Ystad"


def test_a_table_can_be_left(firm: Firm) -> None:
    anna = Importer(firm, "contacts")
    anna.send("contact_no,city\n1,Ystad\n")
    assert "Nothing was imported." in anna.do(do="leave")
    assert anna.client.get(f"{anna.root}/preview").status_code == 302


@pytest.mark.parametrize("text", ["", "one line only\n", "a;b\n" + "1;2\n" * 5001])
def test_what_cannot_be_taken_is_told_beside_the_file(firm: Firm, text: str) -> None:
    anna = Importer(firm, "contacts")
    data = {"table": SimpleUploadedFile("x.csv", text.encode())}
    answer = anna.client.post(anna.root, data)
    assert answer.status_code == 422
    assert 'id="table-error"' in answer.content.decode()
    assert anna.client.post(anna.root).status_code == 422


def test_only_who_may_write_imports(firm: Firm) -> None:
    new_member(firm.company, "bo@example.com", Role.READ_ONLY)
    bo = signed_in("bo@example.com")
    for path in ("import", "import/preview"):
        assert bo.get(f"{firm.root('contacts')}/{path}").status_code == 403
    assert "Import" not in bo.get(firm.root("contacts")).content.decode()


def test_a_preview_costs_as_many_queries_for_many_rows_as_for_few(firm: Firm) -> None:
    anna = Importer(firm, "persons")
    costs = []
    for rows in (3, 300):
        lines = [f"{n},Ny {n},{1 + n % 2}" for n in range(rows)]
        anna.send("\n".join(["other,name,contact_no", *lines]) + "\n")
        with CaptureQueriesContext(connection) as told:
            anna.show("new")
        costs.append(len(told))
    assert costs[0] == costs[1]


def test_a_list_is_a_workbook_with_numbers_and_days_of_its_own_kind(firm: Firm) -> None:
    got = signed_in(OWNER).get(f"{firm.root('contacts')}/export?as=xlsx&q=Ett")
    made = b"".join(got.streaming_content)  # type: ignore[attr-defined]  # streamed
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    head, row = sheet.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert told["credit_limit"] == 1250.5
    assert str(told["customer_since"]) == "2020-01-02 00:00:00"
    assert "logo" not in head
    assert 'filename="contacts.xlsx"' in got.headers["Content-Disposition"]


def test_a_list_is_exported_in_the_readers_language(firm: Firm) -> None:
    client = signed_in(OWNER)
    for language, wanted in (("sv", "1250,50;"), ("en", "1250.50,")):
        Person.objects.update(language=language)
        got = client.get(f"{firm.root('contacts')}/export")
        assert wanted in b"".join(got.streaming_content).decode()  # type: ignore[attr-defined]  # streamed
