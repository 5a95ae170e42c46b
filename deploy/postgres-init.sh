#!/bin/sh
# An ordinary role that owns its database: PostgreSQL asks row-level security of it, and of no superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$SAMSYN_PASSWORD" --username "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE samsyn LOGIN PASSWORD :'password';
CREATE DATABASE samsyn OWNER samsyn;
SQL
