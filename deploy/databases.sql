-- Passwords of the roles of roles.sql, and a role and a database for Prefect's own server. Run it by psql as a superuser,
-- as often as you like, with OWNER_PASSWORD, LOADER_PASSWORD, READER_PASSWORD and PREFECT_PASSWORD in the environment:
-- nothing of them stands in a command, where other users of the machine could read it.

\getenv owner_password OWNER_PASSWORD
\getenv loader_password LOADER_PASSWORD
\getenv reader_password READER_PASSWORD
\getenv prefect_password PREFECT_PASSWORD

-- Neither do they stand in the server's log, should it log statements.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';

ALTER ROLE newsfold_owner PASSWORD :'owner_password';
ALTER ROLE newsfold_loader PASSWORD :'loader_password';
ALTER ROLE newsfold_reader PASSWORD :'reader_password';

SELECT 'CREATE ROLE prefect LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'prefect') \gexec
ALTER ROLE prefect PASSWORD :'prefect_password';
SELECT 'CREATE DATABASE prefect OWNER prefect' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'prefect') \gexec
REVOKE ALL ON DATABASE prefect FROM PUBLIC;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO newsfold_reader', current_database()) \gexec
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO newsfold_owner, newsfold_loader', current_database()) \gexec
