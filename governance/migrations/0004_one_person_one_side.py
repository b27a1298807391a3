"""Nobody acts for two sides of one table, and whoever serves it does not sit on a side (A6).

Three tables can break it together: holdings of seats, mandates and duties. Each insertion locks the
person first; two at the same moment follow each other, and the second sees the first.
"""

from django.db import migrations

KEEP = """
-- Everything that ties a person to a body, with the side it is for; none for a neutral duty.
CREATE FUNCTION governance_ties(of_person bigint)
RETURNS TABLE (body_id bigint, side_id bigint, days daterange) LANGUAGE sql STABLE AS $$
    SELECT seat.body_id, seat.side_id, daterange(holding.valid_from, holding.valid_to)
      FROM governance_seatholding AS holding
      JOIN governance_seat AS seat ON seat.id = holding.seat_id
     WHERE holding.person_id = of_person
    UNION ALL
    SELECT seat.body_id, seat.side_id,
           daterange(
               mandate.valid_from,
               GREATEST(mandate.valid_from, LEAST(mandate.valid_to, mandate.revoked_on))
           )
      FROM governance_mandate AS mandate
      JOIN governance_seat AS seat ON seat.id = mandate.seat_id
     WHERE mandate.person_id = of_person
       AND (mandate.valid_to IS NOT NULL OR mandate.revoked_on IS NOT NULL)
    UNION ALL
    SELECT seat.body_id, seat.side_id, daterange(mandate.valid_from, NULL)
      FROM governance_mandate AS mandate
      JOIN governance_seat AS seat ON seat.id = mandate.seat_id
     WHERE mandate.person_id = of_person
       AND mandate.valid_to IS NULL AND mandate.revoked_on IS NULL
    UNION ALL
    SELECT duty.body_id, NULL, daterange(duty.valid_from, duty.valid_to)
      FROM governance_appointment AS duty
     WHERE duty.person_id = of_person
       AND duty.role IN ('coordinator', 'secretary', 'consultative', 'auditor')
$$;

CREATE FUNCTION governance_keep_sides_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM governance_ties(NEW.person_id) AS one, governance_ties(NEW.person_id) AS other
         WHERE one.body_id = other.body_id AND one.days && other.days
           AND one.side_id <> other.side_id
    ) THEN
        PERFORM governance_refuse('a_person_acts_for_one_side');
    END IF;
    IF EXISTS (
        SELECT FROM governance_ties(NEW.person_id) AS one, governance_ties(NEW.person_id) AS other
         WHERE one.body_id = other.body_id AND one.days && other.days
           AND one.side_id IS NULL AND other.side_id IS NOT NULL
    ) THEN
        PERFORM governance_refuse('nobody_serves_and_sits_at_one_body');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER a_person_acts_for_one_side
AFTER INSERT OR UPDATE ON governance_seatholding
FOR EACH ROW EXECUTE FUNCTION governance_keep_sides_apart();

CREATE TRIGGER a_person_acts_for_one_side
AFTER INSERT OR UPDATE ON governance_mandate
FOR EACH ROW EXECUTE FUNCTION governance_keep_sides_apart();

CREATE TRIGGER a_person_acts_for_one_side
AFTER INSERT OR UPDATE ON governance_appointment
FOR EACH ROW EXECUTE FUNCTION governance_keep_sides_apart();
"""

RELEASE = """
DROP TRIGGER a_person_acts_for_one_side ON governance_appointment;
DROP TRIGGER a_person_acts_for_one_side ON governance_mandate;
DROP TRIGGER a_person_acts_for_one_side ON governance_seatholding;
DROP FUNCTION governance_keep_sides_apart();
DROP FUNCTION governance_ties(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_facts_stay"), ("accounts", "0002_people_stay")]
    operations = [migrations.RunSQL(KEEP, reverse_sql=RELEASE)]
