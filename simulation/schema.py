"""The company of the histories: few tables, each with something that makes sync hard."""

from __future__ import annotations

STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT, note TEXT)",
    "CREATE TABLE product (code TEXT PRIMARY KEY, name TEXT, price REAL, CHECK (price < 100000))",
    "CREATE TABLE employee (id INTEGER PRIMARY KEY, name TEXT, phone TEXT,"
    " boss INTEGER REFERENCES employee (id))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT UNIQUE, remark TEXT, status TEXT,"
    " customer INTEGER REFERENCES customer (id) ON DELETE SET NULL)",
    "CREATE TABLE line (orders INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,"
    " no INTEGER NOT NULL, product TEXT REFERENCES product (code), words TEXT, quantity INTEGER,"
    " PRIMARY KEY (orders, no))",
    # The program's own rules: prices have two decimals, a shut order stays shut.
    "CREATE TRIGGER round_new AFTER INSERT ON product WHEN new.price <> round(new.price, 2)"
    " BEGIN UPDATE product SET price = round(new.price, 2) WHERE code = new.code; END",
    "CREATE TRIGGER round_price AFTER UPDATE OF price ON product"
    " WHEN new.price <> round(new.price, 2)"
    " BEGIN UPDATE product SET price = round(new.price, 2) WHERE code = new.code; END",
    "CREATE TRIGGER shut BEFORE UPDATE OF status ON orders WHEN old.status = 'shut'"
    " BEGIN SELECT RAISE(ABORT, 'the order is shut'); END",
    "INSERT INTO customer VALUES (1, 'Berg', 'Lund', NULL), (2, 'Ek', 'Umea', 'vip'),"
    " (3, 'Lind', NULL, NULL)",
    "INSERT INTO product VALUES ('A1', 'Axle', 10.5), ('B2', 'Bolt', 0.25)",
    "INSERT INTO employee VALUES (1, 'Maria', '11', NULL), (2, 'Nils', NULL, 1)",
    "INSERT INTO orders VALUES (1, 'S1', NULL, 'open', 1), (2, 'S2', 'soon', 'open', 2)",
    "INSERT INTO line VALUES (1, 1, 'A1', 'two', 2), (1, 2, 'B2', NULL, 9), (2, 1, NULL, 'x', 1)",
)

COLUMNS = {
    "customer": ("id", "name", "city", "note"),
    "product": ("code", "name", "price"),
    "employee": ("id", "name", "phone", "boss"),
    "orders": ("id", "number", "remark", "status", "customer"),
    "line": ("orders", "no", "product", "words", "quantity"),
}
KEYS = {
    "customer": ("id",),
    "product": ("code",),
    "employee": ("id",),
    "orders": ("id",),
    "line": ("orders", "no"),
}
REFERENCES = {
    ("employee", "boss"): "employee",
    ("orders", "customer"): "customer",
    ("line", "orders"): "orders",
    ("line", "product"): "product",
}
TEXTS = {
    "customer": ("name", "city", "note"),
    "product": ("name",),
    "employee": ("name", "phone"),
    "orders": ("remark",),
    "line": ("words",),
}
"""Fields whose every value anybody may write; the exact oracle follows these."""
