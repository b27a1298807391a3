"""Addresses of the pages on which a text becomes binding, below /licensing/."""

from __future__ import annotations

from django.urls import path

from licensing.views import versions

app_name = "licensing"

V = "versions/<uuid:version>/"

urlpatterns = [
    path("", versions.version_list, name="versions"),
    path("matters/<uuid:matter>/set/", versions.RegisterSet.as_view(), name="register_set"),
    path("sets/<uuid:requirement_set>/submit/", versions.Submit.as_view(), name="submit"),
    path("bodies/<uuid:body>/units/new/", versions.RegisterUnit.as_view(), name="register_unit"),
    path(V, versions.version_page, name="version"),
    path(V + "visas/<uuid:unit>/", versions.GiveVisa.as_view(), name="give_visa"),
    path(V + "remarks/<uuid:visa>/", versions.AnswerRemark.as_view(), name="answer_remark"),
    path(V + "approve/", versions.Approve.as_view(), name="approve"),
    path(V + "return/", versions.Return.as_view(), name="return"),
    path(V + "publish/", versions.Publish.as_view(), name="publish"),
    path(V + "in-force/", versions.BringIntoForce.as_view(), name="bring_into_force"),
]
