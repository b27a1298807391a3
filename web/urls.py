"""Addresses of the pages that cross apps."""

from django.urls import path

from web.views import (
    about,
    health,
    home,
    inbox,
    published,
    record,
    register,
    style_guide,
)

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("decisions/", home.decisions, name="decisions"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/count/", inbox.count, name="inbox_count"),
    path("register/", register.sets, name="register"),
    path("register/<uuid:uid>/", register.requirement_set, name="register_set"),
    path("register/<uuid:uid>/differences/", register.differences, name="register_differences"),
    path("register/<uuid:uid>/<uuid:version_uid>/", register.version, name="register_version"),
    path("published/", published.published_list, name="published_list"),
    path("published/files/<uuid:file>/", published.published_file, name="published_file"),
    path("published/<slug:kind>/<uuid:subject>/", published.published, name="published"),
    path("about/", about.about, name="about"),
    path("record/", record.record, name="record"),
    path("record/checkpoint", record.checkpoint, name="checkpoint"),
    path("record/tile/<int:level>/<path:index>.p/<int:width>", record.tile, name="partial_tile"),
    path("record/tile/<int:level>/<path:index>", record.tile, name="tile"),
    path("source.tar.gz", about.source, name="source"),
    path("style-guide/", style_guide.style_guide, name="style_guide"),
    path("healthz", health.healthz, name="healthz"),
]
