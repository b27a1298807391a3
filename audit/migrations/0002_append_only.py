"""The record is written through one function and never changed.

`audit_append` completes an entry with what nobody may choose – id, number in the stream,
time, origin, transaction – and keeps the bytes that it hashes. The triggers are for whatever goes
round it: they hold for the owner of the tables too, and `ENABLE ALWAYS` keeps them in force on
a replica. They do not stop somebody who may drop them; only copies held outside do.
"""

from django.db import migrations

WRITE = """
DO $$
BEGIN
    CREATE ROLE veche_app NOLOGIN;
EXCEPTION
    -- Roles belong to the cluster: another database may have made it, even at this moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'role veche_app was not created: ask the administrator of the server';
END
$$;

CREATE FUNCTION audit_instant(moment timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- UUIDv7 of a moment; PostgreSQL brings its own only since version 18.
CREATE FUNCTION audit_uuid(moment timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid()) PLACING
                substring(int8send(floor(extract(epoch FROM moment) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
            52, 1), 53, 1),
        'hex')::uuid
$$;

-- An installation names itself when it is first asked.
CREATE FUNCTION audit_origin() RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found_origin text;
BEGIN
    SELECT origin INTO found_origin FROM audit_installation;
    IF found_origin IS NULL THEN
        INSERT INTO audit_installation (id, is_demonstration, origin)
        VALUES (1, false, 'veche/' || gen_random_uuid()) ON CONFLICT (id) DO NOTHING;
        SELECT origin INTO STRICT found_origin FROM audit_installation;
    END IF;
    RETURN found_origin;
END
$$;

CREATE FUNCTION audit_append(body text) RETURNS SETOF audit_entry
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    said jsonb := body::jsonb;
    moment timestamptz;
    new_uid uuid;
    number bigint;
    new_leaf text;
BEGIN
    IF (SELECT array_agg(key ORDER BY key COLLATE "C") FROM json_object_keys(body::json) AS key)
        IS DISTINCT FROM ARRAY['actor', 'at', 'at_basis', 'authz', 'data', 'object', 'paper_reference',
                 'request', 'stream', 'type', 'v'] THEN
        RAISE EXCEPTION 'an entry has exactly the members of its format'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_has_the_members_of_its_format';
    END IF;

    -- Whoever writes to the same stream waits until this act is committed or undone; the
    -- statements after the lock take new snapshots and see what was committed.
    PERFORM pg_advisory_xact_lock(hashtextextended('audit.stream ' || (said ->> 'stream'), 0));
    SELECT COALESCE(max(stream_seq), 0) + 1 INTO number
      FROM audit_entry WHERE stream = said ->> 'stream';
    moment := clock_timestamp();
    new_uid := audit_uuid(moment);

    -- `json` keeps the text of each member as it was sent, so sorting and joining canonical
    -- members gives the canonical object. The keys are ASCII: "C" is the order of RFC 8785.
    SELECT '{' || string_agg(to_json(key)::text || ':' || value, ',' ORDER BY key COLLATE "C") || '}'
      INTO STRICT new_leaf
      FROM (
        SELECT key, value::text FROM json_each(body::json)
        UNION ALL VALUES
            ('id', to_json(new_uid)::text),
            ('log', to_json(audit_origin())::text),
            ('recorded_at', to_json(audit_instant(moment))::text),
            ('stream_seq', number::text)
      ) AS members(key, value);

    RETURN QUERY INSERT INTO audit_entry (
        uid, type, at, recorded_at, at_basis, paper_reference, actor_uid, stream, stream_seq,
        subject_type, subject_uid, authority, facts, request_key, leaf, leaf_sha256, xid
    ) VALUES (
        new_uid, said ->> 'type', (said ->> 'at')::timestamptz, moment, said ->> 'at_basis',
        said ->> 'paper_reference', NULLIF(said #>> '{actor,subject}', 'system')::uuid,
        said ->> 'stream', number, said #>> '{object,0,type}', (said #>> '{object,0,id}')::uuid,
        NULLIF(said -> 'authz', 'null'), said -> 'data', (said #>> '{request,key}')::uuid,
        convert_to(new_leaf, 'UTF8'), sha256('\\x00'::bytea || convert_to(new_leaf, 'UTF8')),
        pg_current_xact_id()
    ) RETURNING *;
END
$$;

-- Every row, by whatever way it comes, says what its leaf says, now and in this transaction.
CREATE FUNCTION audit_check_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    said jsonb := convert_from(NEW.leaf, 'UTF8')::jsonb;
    told jsonb := jsonb_build_object(
        'v', said -> 'v', 'id', NEW.uid, 'log', audit_origin(), 'type', NEW.type,
        'at', audit_instant(NEW.at), 'at_basis', NEW.at_basis,
        'paper_reference', NEW.paper_reference, 'recorded_at', audit_instant(NEW.recorded_at),
        'stream', NEW.stream, 'stream_seq', NEW.stream_seq,
        'actor', jsonb_build_object('subject', COALESCE(NEW.actor_uid::text, 'system')),
        'authz', COALESCE(NEW.authority, 'null'), 'data', NEW.facts,
        'object', jsonb_build_array(
            jsonb_build_object('type', NEW.subject_type, 'id', NEW.subject_uid)),
        'request', jsonb_build_object('key', NEW.request_key)
    );
    broken text;
BEGIN
    IF said <> told OR NEW.leaf_sha256 <> sha256('\\x00'::bytea || NEW.leaf) THEN
        broken := 'an_entry_says_what_its_leaf_says';
    ELSIF NEW.xid <> pg_current_xact_id()
          OR NEW.recorded_at NOT BETWEEN transaction_timestamp() - interval '1 minute'
                                     AND clock_timestamp() + interval '1 minute' THEN
        broken := 'an_entry_is_recorded_here_and_now';
    ELSIF NEW.at_basis = 'demonstration'
          AND NOT (SELECT is_demonstration FROM audit_installation) THEN
        broken := 'times_of_a_demonstration_need_a_demonstration';
    END IF;
    IF broken IS NULL THEN
        -- The lock is held already when the row comes from audit_append.
        PERFORM pg_advisory_xact_lock(hashtextextended('audit.stream ' || NEW.stream, 0));
        IF NEW.stream_seq <> (
            SELECT COALESCE(max(stream_seq), 0) + 1 FROM audit_entry WHERE stream = NEW.stream
        ) THEN
            broken := 'a_stream_is_numbered_without_gaps';
        END IF;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'entry refused: %', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_entry_says_what_its_leaf_says
BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_check_entry();

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry is never changed and never deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_entry_is_never_changed';
END
$$;

-- No trigger on TRUNCATE: it would break the clearing of test databases. The application's
-- role lacks that privilege.
CREATE TRIGGER an_entry_is_never_changed
BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER an_entry_is_never_changed;

CREATE FUNCTION audit_keep_installation() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR EXISTS (SELECT FROM audit_entry) THEN
        RAISE EXCEPTION 'what a record is was said before its first entry'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'an_installation_stays_what_it_is';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_installation_stays_what_it_is
BEFORE UPDATE OR DELETE ON audit_installation
FOR EACH ROW EXECUTE FUNCTION audit_keep_installation();
ALTER TABLE audit_installation ENABLE ALWAYS TRIGGER an_installation_stays_what_it_is;

-- The trigger above refuses when acts are recorded; the lock waits for those under way.
CREATE FUNCTION audit_mark_demonstration() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE audit_entry IN SHARE ROW EXCLUSIVE MODE;
    PERFORM audit_origin();
    UPDATE audit_installation
       SET is_demonstration = true, origin = replace(origin, 'veche/', 'veche.demonstration/')
     WHERE NOT is_demonstration;
END
$$;

REVOKE ALL ON FUNCTION audit_append(text), audit_origin(), audit_mark_demonstration() FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_app') THEN
        REVOKE ALL ON audit_entry, audit_installation FROM veche_app;
        GRANT SELECT ON audit_entry, audit_installation TO veche_app;
        GRANT EXECUTE ON FUNCTION audit_append(text), audit_origin(), audit_mark_demonstration()
           TO veche_app;
    END IF;
END
$$;
"""

UNDO = """
DROP FUNCTION audit_mark_demonstration();
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_app') THEN
        REVOKE ALL ON audit_entry, audit_installation FROM veche_app;
    END IF;
END
$$;
DROP TRIGGER an_installation_stays_what_it_is ON audit_installation;
DROP TRIGGER an_entry_is_never_changed ON audit_entry;
DROP TRIGGER an_entry_says_what_its_leaf_says ON audit_entry;
DROP FUNCTION audit_keep_installation();
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_check_entry();
DROP FUNCTION audit_append(text);
DROP FUNCTION audit_origin();
DROP FUNCTION audit_uuid(timestamptz);
DROP FUNCTION audit_instant(timestamptz);
"""


class Migration(migrations.Migration):
    """The role stays when this is undone: other databases of the server may use it."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(WRITE, reverse_sql=UNDO)]
