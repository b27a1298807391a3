"""What happened is ended, answered or corrected beside; it is never rewritten.

Holdings, duties and mandates end; attendance is an interval that is closed once; an agenda is
locked with its notices; a charter, a signature and an opinion stay as they are.
"""

from django.db import migrations

KEEP = """
-- Who sits, who serves, on which paper --------------------------------------------------------

CREATE TRIGGER a_holding_is_ended_never_rewritten
BEFORE UPDATE OR DELETE ON governance_seatholding FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns('a_holding_is_ended_never_rewritten', 'valid_to');

CREATE TRIGGER an_appointment_is_ended_never_rewritten
BEFORE UPDATE OR DELETE ON governance_appointment FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns('an_appointment_is_ended_never_rewritten', 'valid_to');

CREATE TRIGGER a_mandate_is_revoked_never_rewritten
BEFORE UPDATE OR DELETE ON governance_mandate FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_mandate_is_revoked_never_rewritten', 'revoked_on', 'revocation_known_at'
);

CREATE FUNCTION governance_keep_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_on IS NOT NULL THEN
        PERFORM governance_refuse('a_mandate_is_revoked_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_mandate_is_revoked_once
BEFORE UPDATE ON governance_mandate FOR EACH ROW EXECUTE FUNCTION governance_keep_revocation();

CREATE TRIGGER a_charter_is_never_changed
BEFORE UPDATE OR DELETE ON governance_charterversion FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_charter_is_never_changed');

CREATE TRIGGER a_seat_never_changes_its_side
BEFORE UPDATE OR DELETE ON governance_seat FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns('a_seat_never_changes_its_side', 'duty');

CREATE FUNCTION governance_place_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM governance_side WHERE id = NEW.side_id AND body_id = NEW.body_id
    ) THEN
        PERFORM governance_refuse('a_seat_belongs_to_the_body_of_its_side');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_seat_belongs_to_the_body_of_its_side
BEFORE INSERT ON governance_seat FOR EACH ROW EXECUTE FUNCTION governance_place_seat();

CREATE TRIGGER a_side_stays_at_its_body
BEFORE UPDATE OR DELETE ON governance_side FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_side_stays_at_its_body', 'name_ru', 'name_en', 'position'
);

-- Conflicts -----------------------------------------------------------------------------------

CREATE TRIGGER a_declaration_is_decided_never_rewritten
BEFORE UPDATE OR DELETE ON governance_conflictdeclaration FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_declaration_is_decided_never_rewritten', 'decision', 'decision_basis_ru',
    'decision_basis_en', 'decided_at', 'decided_by_id'
);

CREATE FUNCTION governance_keep_conflict_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decision IS NOT NULL THEN
        PERFORM governance_refuse('a_conflict_is_decided_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_conflict_is_decided_once
BEFORE UPDATE ON governance_conflictdeclaration
FOR EACH ROW EXECUTE FUNCTION governance_keep_conflict_decision();

-- Meetings ------------------------------------------------------------------------------------

CREATE TRIGGER a_meeting_keeps_its_plan
BEFORE UPDATE OR DELETE ON governance_meeting FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_meeting_keeps_its_plan', 'state', 'agenda_locked_at', 'opened_at', 'closed_at'
);

CREATE FUNCTION governance_move_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('planned', 'convened'), ('planned', 'cancelled'), ('convened', 'cancelled'),
        ('convened', 'opened'), ('convened', 'failed_no_quorum'), ('opened', 'closed')
    ) THEN
        PERFORM governance_refuse('a_meeting_goes_forward');
    END IF;
    IF OLD.agenda_locked_at IS NOT NULL
       AND OLD.agenda_locked_at IS DISTINCT FROM NEW.agenda_locked_at
       OR OLD.opened_at IS NOT NULL AND OLD.opened_at IS DISTINCT FROM NEW.opened_at
       OR OLD.closed_at IS NOT NULL AND OLD.closed_at IS DISTINCT FROM NEW.closed_at THEN
        PERFORM governance_refuse('times_of_a_meeting_are_written_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_meeting_goes_forward
BEFORE UPDATE ON governance_meeting FOR EACH ROW EXECUTE FUNCTION governance_move_meeting();

CREATE FUNCTION governance_lock_agenda() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    meeting governance_meeting;
BEGIN
    -- Whoever is convening the meeting is waited for: items do not slip past the notices.
    PERFORM FROM governance_meeting WHERE id = NEW.meeting_id FOR SHARE;
    SELECT * INTO meeting FROM governance_meeting WHERE id = NEW.meeting_id;
    IF NOT (
        NEW.standing = 'listed' AND meeting.state = 'planned'
        OR NEW.standing = 'proposed' AND meeting.state = 'opened'
    ) THEN
        PERFORM governance_refuse('an_agenda_is_locked_with_its_notices');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_agenda_is_locked_with_its_notices
BEFORE INSERT ON governance_agendaitem FOR EACH ROW EXECUTE FUNCTION governance_lock_agenda();

CREATE TRIGGER an_agenda_item_is_never_rewritten
BEFORE UPDATE OR DELETE ON governance_agendaitem FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns('an_agenda_item_is_never_rewritten', 'standing');

CREATE FUNCTION governance_add_late_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.standing = NEW.standing THEN
        RETURN NEW;
    END IF;
    IF (OLD.standing, NEW.standing) <> ('proposed', 'added') OR EXISTS (
        SELECT FROM governance_seat AS seat
          JOIN governance_meeting AS meeting ON meeting.body_id = seat.body_id
         WHERE meeting.id = NEW.meeting_id AND NOT EXISTS (
            SELECT FROM governance_agendaconsent AS consent
             WHERE consent.item_id = NEW.id AND consent.seat_id = seat.id AND consent.agrees
         )
    ) THEN
        PERFORM governance_refuse('a_late_item_is_added_by_every_seat');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_late_item_is_added_by_every_seat
BEFORE UPDATE ON governance_agendaitem FOR EACH ROW EXECUTE FUNCTION governance_add_late_item();

CREATE TRIGGER an_answer_to_a_late_item_is_never_changed
BEFORE UPDATE OR DELETE ON governance_agendaconsent FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('an_answer_to_a_late_item_is_never_changed');

CREATE TRIGGER a_notice_is_proved_never_rewritten
BEFORE UPDATE OR DELETE ON governance_meetingnotice FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_notice_is_proved_never_rewritten', 'channel', 'delivered_at', 'proof'
);

CREATE FUNCTION governance_keep_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM governance_refuse('attendance_is_a_fact');
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.left_at IS NOT NULL
           OR to_jsonb(OLD) - 'left_at'::text <> to_jsonb(NEW) - 'left_at'::text THEN
            PERFORM governance_refuse('attendance_is_a_fact');
        END IF;
        RETURN NEW;
    END IF;
    PERFORM FROM governance_meeting WHERE id = NEW.meeting_id FOR SHARE;
    IF NOT EXISTS (
        SELECT FROM governance_meeting
         WHERE id = NEW.meeting_id AND state IN ('convened', 'opened')
           AND kind NOT IN ('written', 'conciliation')
    ) THEN
        PERFORM governance_refuse('attendance_belongs_to_a_meeting_under_way');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER attendance_is_a_fact
BEFORE INSERT OR UPDATE OR DELETE ON governance_attendance
FOR EACH ROW EXECUTE FUNCTION governance_keep_attendance();

-- Protocols -----------------------------------------------------------------------------------

CREATE TRIGGER a_protocol_keeps_its_content
BEFORE UPDATE OR DELETE ON governance_protocol FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_protocol_keeps_its_content', 'state', 'signed_at', 'published_at'
);

CREATE FUNCTION governance_move_protocol() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state
       AND (OLD.state, NEW.state) NOT IN (('draft', 'signed'), ('signed', 'published')) THEN
        PERFORM governance_refuse('a_protocol_goes_forward');
    END IF;
    IF OLD.signed_at IS NOT NULL AND OLD.signed_at IS DISTINCT FROM NEW.signed_at
       OR OLD.published_at IS NOT NULL
       AND OLD.published_at IS DISTINCT FROM NEW.published_at THEN
        PERFORM governance_refuse('times_of_a_protocol_are_written_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_protocol_goes_forward
BEFORE UPDATE ON governance_protocol FOR EACH ROW EXECUTE FUNCTION governance_move_protocol();

CREATE FUNCTION governance_sign_contents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM governance_protocol WHERE id = NEW.protocol_id AND sha256 = NEW.sha256
    ) THEN
        PERFORM governance_refuse('a_signature_is_under_these_contents');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_signature_is_under_these_contents
BEFORE INSERT ON governance_protocolsignature
FOR EACH ROW EXECUTE FUNCTION governance_sign_contents();

CREATE TRIGGER a_signature_is_never_changed
BEFORE UPDATE OR DELETE ON governance_protocolsignature FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_signature_is_never_changed');

CREATE TRIGGER a_correction_is_agreed_never_rewritten
BEFORE UPDATE OR DELETE ON governance_correctionrecord FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_correction_is_agreed_never_rewritten', 'agreed_by_id', 'agreed_at'
);

CREATE TRIGGER an_opinion_is_never_changed
BEFORE UPDATE OR DELETE ON governance_dissentingopinion FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('an_opinion_is_never_changed');
"""

RELEASE = """
DROP TRIGGER an_opinion_is_never_changed ON governance_dissentingopinion;
DROP TRIGGER a_correction_is_agreed_never_rewritten ON governance_correctionrecord;
DROP TRIGGER a_signature_is_never_changed ON governance_protocolsignature;
DROP TRIGGER a_signature_is_under_these_contents ON governance_protocolsignature;
DROP TRIGGER a_protocol_goes_forward ON governance_protocol;
DROP TRIGGER a_protocol_keeps_its_content ON governance_protocol;
DROP TRIGGER attendance_is_a_fact ON governance_attendance;
DROP TRIGGER a_notice_is_proved_never_rewritten ON governance_meetingnotice;
DROP TRIGGER an_answer_to_a_late_item_is_never_changed ON governance_agendaconsent;
DROP TRIGGER a_late_item_is_added_by_every_seat ON governance_agendaitem;
DROP TRIGGER an_agenda_item_is_never_rewritten ON governance_agendaitem;
DROP TRIGGER an_agenda_is_locked_with_its_notices ON governance_agendaitem;
DROP TRIGGER a_meeting_goes_forward ON governance_meeting;
DROP TRIGGER a_meeting_keeps_its_plan ON governance_meeting;
DROP TRIGGER a_conflict_is_decided_once ON governance_conflictdeclaration;
DROP TRIGGER a_declaration_is_decided_never_rewritten ON governance_conflictdeclaration;
DROP TRIGGER a_side_stays_at_its_body ON governance_side;
DROP TRIGGER a_seat_belongs_to_the_body_of_its_side ON governance_seat;
DROP TRIGGER a_seat_never_changes_its_side ON governance_seat;
DROP TRIGGER a_charter_is_never_changed ON governance_charterversion;
DROP TRIGGER a_mandate_is_revoked_once ON governance_mandate;
DROP TRIGGER a_mandate_is_revoked_never_rewritten ON governance_mandate;
DROP TRIGGER an_appointment_is_ended_never_rewritten ON governance_appointment;
DROP TRIGGER a_holding_is_ended_never_rewritten ON governance_seatholding;
DROP FUNCTION governance_sign_contents();
DROP FUNCTION governance_move_protocol();
DROP FUNCTION governance_keep_attendance();
DROP FUNCTION governance_add_late_item();
DROP FUNCTION governance_lock_agenda();
DROP FUNCTION governance_move_meeting();
DROP FUNCTION governance_keep_conflict_decision();
DROP FUNCTION governance_place_seat();
DROP FUNCTION governance_keep_revocation();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_ballots_hold")]
    operations = [migrations.RunSQL(KEEP, reverse_sql=RELEASE)]
