"""An entry is completed between its pieces, so that what knows its pieces need not take them apart.

The members that the database gives – `id` and `log`, `recorded_at`, `stream_seq` – stand at three
places of the sorted leaf. `audit_write` puts them between four pieces and writes the row; it is
the one place that does. `audit_append` takes an act's members apart into the pieces, all in one
pass; an act that is one statement keeps them ready.

The check of every row asks the same as before, in fewer statements.
"""

from django.db import migrations

WRITE = """
-- Complete and write an entry. The pieces are the act's members in the order of the leaf, joined by
-- commas, before `id`, before `recorded_at`, before `stream_seq` and after it. That they are the
-- members of the format, and these only, is checked with the row.
CREATE FUNCTION audit_write(
    of_stream text, to_data text, to_reference text, to_stream text, to_end text
) RETURNS audit_entry
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz;
    new_uid uuid;
    number bigint;
    named text;
    new_leaf text;
    said jsonb;
    stored bytea;
    entry audit_entry;
BEGIN
    -- Whoever writes to the same stream waits until this act is committed or undone; the
    -- statements after the lock take new snapshots and see what was committed.
    PERFORM pg_advisory_xact_lock(hashtextextended('audit.stream ' || of_stream, 0));
    SELECT COALESCE(max(stream_seq), 0) + 1, (SELECT origin FROM audit_installation)
      INTO number, named FROM audit_entry WHERE stream = of_stream;
    IF named IS NULL THEN
        named := audit_origin();
    END IF;
    moment := clock_timestamp();
    new_uid := audit_uuid(moment);
    new_leaf := '{' || to_data || ',"id":"' || new_uid || '","log":' || to_json(named)::text
        || ',' || to_reference || ',"recorded_at":"' || audit_instant(moment)
        || '",' || to_stream || ',"stream_seq":' || number || ',' || to_end || '}';
    said := new_leaf::jsonb;
    stored := convert_to(new_leaf, 'UTF8');
    INSERT INTO audit_entry (
        uid, type, at, recorded_at, at_basis, paper_reference, actor_uid, stream, stream_seq,
        subject_type, subject_uid, authority, facts, request_key, leaf, leaf_sha256, xid
    ) VALUES (
        new_uid, said ->> 'type', (said ->> 'at')::timestamptz, moment, said ->> 'at_basis',
        said ->> 'paper_reference', NULLIF(said #>> '{actor,subject}', 'system')::uuid,
        of_stream, number, said #>> '{object,0,type}', (said #>> '{object,0,id}')::uuid,
        NULLIF(said -> 'authz', 'null'), said -> 'data', (said #>> '{request,key}')::uuid,
        stored, sha256('\\x00'::bytea || stored), pg_current_xact_id()
    ) RETURNING * INTO entry;
    RETURN entry;
END
$$;

CREATE OR REPLACE FUNCTION audit_append(body text) RETURNS SETOF audit_entry
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    members text[];
    of_stream text;
    to_data text;
    to_reference text;
    to_stream text;
    to_end text;
BEGIN
    -- `json` keeps the text of each member as it was sent, so sorting and joining canonical
    -- members gives the canonical object. The keys are ASCII: "C" is the order of RFC 8785.
    SELECT array_agg(key ORDER BY key COLLATE "C"),
           min(value #>> '{}') FILTER (WHERE key = 'stream'),
           string_agg(to_json(key)::text || ':' || value, ',' ORDER BY key COLLATE "C")
               FILTER (WHERE key COLLATE "C" < 'id'),
           string_agg(to_json(key)::text || ':' || value, ',' ORDER BY key COLLATE "C")
               FILTER (WHERE key COLLATE "C" > 'log' AND key COLLATE "C" < 'recorded_at'),
           string_agg(to_json(key)::text || ':' || value, ',' ORDER BY key COLLATE "C")
               FILTER (WHERE key COLLATE "C" > 'recorded_at' AND key COLLATE "C" < 'stream_seq'),
           string_agg(to_json(key)::text || ':' || value, ',' ORDER BY key COLLATE "C")
               FILTER (WHERE key COLLATE "C" > 'stream_seq')
      INTO members, of_stream, to_data, to_reference, to_stream, to_end
      FROM json_each(body::json);
    IF members IS DISTINCT FROM ARRAY['actor', 'at', 'at_basis', 'authz', 'data', 'object',
            'paper_reference', 'request', 'stream', 'type', 'v'] THEN
        RAISE EXCEPTION 'an entry has exactly the members of its format'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_has_the_members_of_its_format';
    END IF;
    RETURN QUERY SELECT * FROM audit_write(of_stream, to_data, to_reference, to_stream, to_end);
END
$$;

-- Every row, by whatever way it comes, says what its leaf says, now and in this transaction.
CREATE OR REPLACE FUNCTION audit_check_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    said jsonb := convert_from(NEW.leaf, 'UTF8')::jsonb;
    found record;
    broken text;
BEGIN
    -- The lock is held already when the row comes from audit_write.
    PERFORM pg_advisory_xact_lock(hashtextextended('audit.stream ' || NEW.stream, 0));
    SELECT installation.origin, installation.is_demonstration, (
               SELECT COALESCE(max(stream_seq), 0) + 1 FROM audit_entry WHERE stream = NEW.stream
           ) AS number
      INTO found FROM audit_installation AS installation;
    IF said IS DISTINCT FROM jsonb_build_object(
        'v', said -> 'v', 'id', NEW.uid, 'log', found.origin, 'type', NEW.type,
        'at', audit_instant(NEW.at), 'at_basis', NEW.at_basis,
        'paper_reference', NEW.paper_reference, 'recorded_at', audit_instant(NEW.recorded_at),
        'stream', NEW.stream, 'stream_seq', NEW.stream_seq,
        'actor', jsonb_build_object('subject', COALESCE(NEW.actor_uid::text, 'system')),
        'authz', COALESCE(NEW.authority, 'null'), 'data', NEW.facts,
        'object', jsonb_build_array(
            jsonb_build_object('type', NEW.subject_type, 'id', NEW.subject_uid)),
        'request', jsonb_build_object('key', NEW.request_key)
    ) OR NEW.leaf_sha256 <> sha256('\\x00'::bytea || NEW.leaf) THEN
        broken := 'an_entry_says_what_its_leaf_says';
    ELSIF NEW.xid <> pg_current_xact_id()
          OR NEW.recorded_at NOT BETWEEN transaction_timestamp() - interval '1 minute'
                                     AND clock_timestamp() + interval '1 minute' THEN
        broken := 'an_entry_is_recorded_here_and_now';
    ELSIF NEW.at_basis = 'demonstration' AND found.is_demonstration IS NOT TRUE THEN
        broken := 'times_of_a_demonstration_need_a_demonstration';
    ELSIF NEW.stream_seq IS DISTINCT FROM found.number THEN
        broken := 'a_stream_is_numbered_without_gaps';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'entry refused: %', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NEW;
END
$$;

REVOKE ALL ON FUNCTION audit_write(text, text, text, text, text) FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_app') THEN
        GRANT EXECUTE ON FUNCTION audit_write(text, text, text, text, text) TO veche_app;
    END IF;
END
$$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION audit_check_entry() RETURNS trigger
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

CREATE OR REPLACE FUNCTION audit_append(body text) RETURNS SETOF audit_entry
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

DROP FUNCTION audit_write(text, text, text, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_log")]
    operations = [migrations.RunSQL(WRITE, reverse_sql=UNDO)]
