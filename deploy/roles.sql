-- Three PostgreSQL roles with as few rights as each needs. Run it as a superuser in the database of newsfold, before
-- the first run or at any time later, as often as you like:
--
--     psql -d news -f deploy/roles.sql
--     psql -d news -c '\password newsfold_loader'      (and the others)
--
--     newsfold_owner    owns the schema and changes it:        newsfold db upgrade
--     newsfold_loader   reads and writes rows, changes no table: workers, newsfold ingest
--     newsfold_reader   reads the views and nothing else:       analysts, dashboards
--
-- With these roles `newsfold db upgrade` is run by the owner before the loader's first run and after every upgrade;
-- the loader finds the schema up to date and leaves it alone.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['newsfold_owner', 'newsfold_loader', 'newsfold_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role);
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO newsfold_owner;
GRANT USAGE ON SCHEMA public TO newsfold_loader, newsfold_reader;

-- What the owner makes from now on.
ALTER DEFAULT PRIVILEGES FOR ROLE newsfold_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO newsfold_loader;
ALTER DEFAULT PRIVILEGES FOR ROLE newsfold_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO newsfold_loader;

-- What stands there already, whoever made it. Views made anew by a migration are granted to the reader by newsfold.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT c.oid::regclass AS name, c.relkind
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))
        ORDER BY c.relkind = 'S'  -- a sequence goes with its table
    LOOP
        IF found.relkind = 'S' THEN
            EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %s TO newsfold_loader', found.name);
        ELSE
            EXECUTE format('ALTER TABLE %s OWNER TO newsfold_owner', found.name);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO newsfold_loader', found.name);
        END IF;
        IF found.relkind = 'v' AND starts_with(found.name::text, 'v_') THEN
            EXECUTE format('GRANT SELECT ON %s TO newsfold_reader', found.name);
        END IF;
    END LOOP;
END $$;
