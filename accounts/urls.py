"""Addresses of people, invitations and the ways in."""

from django.urls import path

from accounts.views import me, people, sign_in

app_name = "accounts"

urlpatterns = [
    path("desk/people/", people.People.as_view(), name="people"),
    path("desk/people/register/", people.RegisterPerson.as_view(), name="register"),
    path("desk/people/<uuid:uid>/", people.PersonPage.as_view(), name="person"),
    path("desk/people/<uuid:uid>/rename/", people.RenamePerson.as_view(), name="rename"),
    path("desk/people/<uuid:uid>/address/", people.ChangeAddress.as_view(), name="address"),
    path("desk/people/<uuid:uid>/invite/", people.InvitePerson.as_view(), name="invite"),
    path("desk/people/<uuid:uid>/block/", people.BlockPerson.as_view(), name="block"),
    path("desk/people/<uuid:uid>/unblock/", people.UnblockPerson.as_view(), name="unblock"),
    path("desk/people/<uuid:uid>/appoint/", people.AppointAdministrator.as_view(), name="appoint"),
    path("desk/people/<uuid:uid>/dismiss/", people.DismissAdministrator.as_view(), name="dismiss"),
    path(
        "desk/first-administrator/",
        sign_in.FirstAdministrator.as_view(),
        name="first_administrator",
    ),
    path("invitation/<uuid:uid>/<str:token>/", sign_in.Invitation.as_view(), name="invitation"),
    path("me/", me.Me.as_view(), name="me"),
    path("me/language/", me.ChooseLanguage.as_view(), name="language"),
    path("sign-in/demo/", sign_in.DemonstrationSignIn.as_view(), name="demo_sign_in"),
]
