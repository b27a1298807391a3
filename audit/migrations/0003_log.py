"""The log over the entries: places, tiles and checkpoints, which only ever grow.

The sequencer has a role of its own: it numbers entries and writes nothing else. The application
reads. Triggers hold for the owner too: a place and a checkpoint are never changed, a tile keeps
what it held. They do not stop somebody who may drop them; copies held outside do.
"""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
DO $$
BEGIN
    CREATE ROLE veche_sequencer NOLOGIN;
EXCEPTION
    -- Roles belong to the cluster: another database may have made it, even at this moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'role veche_sequencer was not created: ask the administrator of the server';
END
$$;
-- Whoever owns the tables may act as the sequencer, as he may act as the application.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_sequencer') THEN
        GRANT veche_sequencer TO CURRENT_USER;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'veche_sequencer was not granted: ask the administrator of the server';
END
$$;

CREATE FUNCTION audit_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused: %', TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER a_place_in_the_log_is_never_changed
BEFORE UPDATE OR DELETE ON audit_leaf FOR EACH ROW EXECUTE FUNCTION audit_refuse_rewriting();
ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER a_place_in_the_log_is_never_changed;

CREATE TRIGGER a_checkpoint_is_never_taken_back
BEFORE UPDATE OR DELETE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION audit_refuse_rewriting();
ALTER TABLE audit_checkpoint ENABLE ALWAYS TRIGGER a_checkpoint_is_never_taken_back;

CREATE TRIGGER a_tile_is_never_taken_back
BEFORE DELETE ON audit_tile FOR EACH ROW EXECUTE FUNCTION audit_refuse_rewriting();
ALTER TABLE audit_tile ENABLE ALWAYS TRIGGER a_tile_is_never_taken_back;

CREATE FUNCTION audit_number_without_gaps() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    first bigint;
    after bigint;
    several bigint;
BEGIN
    SELECT min(index), max(index) + 1, count(*) INTO first, after, several FROM added;
    IF several > 0 AND (after - first <> several OR (
        first > 0 AND NOT EXISTS (SELECT FROM audit_leaf WHERE index = first - 1)
    )) THEN
        RAISE EXCEPTION 'refused: %', TG_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER the_log_is_numbered_without_gaps
AFTER INSERT ON audit_leaf REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION audit_number_without_gaps();

CREATE FUNCTION audit_keep_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF octet_length(NEW.hashes) NOT BETWEEN 32 AND 8192 OR octet_length(NEW.hashes) % 32 <> 0
       OR (TG_OP = 'UPDATE' AND (
            (NEW.level, NEW.index) <> (OLD.level, OLD.index)
            OR substring(NEW.hashes FOR octet_length(OLD.hashes)) <> OLD.hashes
       )) THEN
        RAISE EXCEPTION 'refused: %', TG_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_tile_only_grows
BEFORE INSERT OR UPDATE ON audit_tile FOR EACH ROW EXECUTE FUNCTION audit_keep_tile();
ALTER TABLE audit_tile ENABLE ALWAYS TRIGGER a_tile_only_grows;

CREATE FUNCTION audit_keep_checkpoint() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.size <> (SELECT COALESCE(max(index), -1) + 1 FROM audit_leaf)
       OR EXISTS (SELECT FROM audit_checkpoint WHERE size >= NEW.size) THEN
        RAISE EXCEPTION 'refused: %', TG_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_checkpoint_covers_the_log_as_it_stands
BEFORE INSERT ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION audit_keep_checkpoint();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_app') THEN
        REVOKE ALL ON audit_leaf, audit_tile, audit_checkpoint FROM veche_app;
        GRANT SELECT ON audit_leaf, audit_tile, audit_checkpoint TO veche_app;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_sequencer') THEN
        GRANT SELECT ON audit_entry, audit_installation, audit_leaf, audit_tile, audit_checkpoint
           TO veche_sequencer;
        GRANT INSERT ON audit_leaf, audit_tile, audit_checkpoint TO veche_sequencer;
        GRANT UPDATE (hashes) ON audit_tile TO veche_sequencer;
        GRANT USAGE ON SEQUENCE audit_tile_id_seq TO veche_sequencer;
    END IF;
END
$$;
"""

UNDO = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veche_sequencer') THEN
        REVOKE ALL ON audit_entry, audit_installation, audit_leaf, audit_tile, audit_checkpoint
          FROM veche_sequencer;
    END IF;
END
$$;
DROP TRIGGER a_checkpoint_covers_the_log_as_it_stands ON audit_checkpoint;
DROP TRIGGER a_tile_only_grows ON audit_tile;
DROP TRIGGER the_log_is_numbered_without_gaps ON audit_leaf;
DROP TRIGGER a_tile_is_never_taken_back ON audit_tile;
DROP TRIGGER a_checkpoint_is_never_taken_back ON audit_checkpoint;
DROP TRIGGER a_place_in_the_log_is_never_changed ON audit_leaf;
DROP FUNCTION audit_keep_checkpoint();
DROP FUNCTION audit_keep_tile();
DROP FUNCTION audit_number_without_gaps();
DROP FUNCTION audit_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "size",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="leaves"
                    ),
                ),
                ("root", models.BinaryField(max_length=32, verbose_name="root")),
                ("note", models.TextField(verbose_name="signed note")),
                ("signed_at", models.DateTimeField(verbose_name="signed at")),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                (
                    "index",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="index in the log"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place",
                        to="audit.entry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "leaf of the log",
                "verbose_name_plural": "leaves of the log",
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("index", models.PositiveBigIntegerField(verbose_name="index of the tile")),
                ("hashes", models.BinaryField(verbose_name="hashes")),
            ],
            options={
                "verbose_name": "tile of the log",
                "verbose_name_plural": "tiles of the log",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "index"), name="a_tile_has_its_place_to_itself"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, reverse_sql=UNDO),
    ]
