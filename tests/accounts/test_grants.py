from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from accounts import grants, services
from accounts.models import Person

VIEW = "accounts.view_person"


def test_a_grant_holds_for_its_object_and_no_other(person: Person, member: Person) -> None:
    grants.grant(member, VIEW, person)

    assert grants.may(member, VIEW, person)
    assert not grants.may(member, VIEW, member)
    assert not grants.may(member, VIEW)
    assert list(grants.narrow(Person.objects.all(), member, VIEW)) == [person]


def test_a_grant_that_holds_everywhere_says_nothing_about_an_object(
    person: Person, member: Person
) -> None:
    grants.grant(member, VIEW)

    assert grants.may(member, VIEW)
    # guardian by itself would list every object and open none of them.
    assert not grants.may(member, VIEW, person)
    assert not grants.narrow(Person.objects.all(), member, VIEW).exists()


@pytest.mark.parametrize("on_object", [True, False], ids=["on an object", "everywhere"])
def test_a_grant_is_taken_back(person: Person, member: Person, on_object: bool) -> None:  # noqa: FBT001 -- a case
    obj = person if on_object else None
    grants.grant(member, VIEW, obj)
    assert grants.may(member, VIEW, obj)

    grants.revoke(member, VIEW, obj)

    # Asked on the same object in memory: nothing is remembered from before.
    assert not grants.may(member, VIEW, obj)
    assert not grants.narrow(Person.objects.all(), member, VIEW).exists()


def test_lists_and_pages_never_differ(
    person: Person, member: Person, administrator: Person
) -> None:
    grants.grant(member, VIEW, person)
    grants.grant(member, VIEW)
    listed = set(grants.narrow(Person.objects.all(), member, VIEW))

    assert listed == {one for one in Person.objects.all() if grants.may(member, VIEW, one)}


def test_who_may_not_sign_in_may_nothing(
    person: Person, member: Person, administrator: Person, at: datetime
) -> None:
    grants.grant(member, VIEW, person)
    grants.grant(member, VIEW)
    blocked = services.block_person(person=member, actor=administrator, at=at)

    assert not grants.may(blocked, VIEW, person)
    assert not grants.may(blocked, VIEW)
    assert not grants.narrow(Person.objects.all(), blocked, VIEW).exists()


def test_a_visitor_may_nothing(person: Person) -> None:
    visitor = AnonymousUser()

    assert not grants.may(visitor, VIEW)
    assert not grants.may(visitor, VIEW, person)
    assert not grants.narrow(Person.objects.all(), visitor, VIEW).exists()


def test_a_group_may_what_its_members_may(member: Person) -> None:
    group = Group.objects.create(name="secretaries")
    group.permissions.add(Permission.objects.get(codename="keep_people"))
    member.groups.add(group)

    assert grants.may(member, grants.KEEP_PEOPLE)
    assert list(grants.holders(grants.KEEP_PEOPLE)) == [member]


def test_an_unknown_permission_is_a_mistake(member: Person) -> None:
    with pytest.raises(Permission.DoesNotExist):
        grants.grant(member, "accounts.fly")
