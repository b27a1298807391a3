"""Addresses of the secretary's desk, below /desk/."""

from __future__ import annotations

from django.urls import path

from governance.views import (
    ballots,
    bodies,
    charter_drafts,
    charters,
    decisions,
    desk,
    floor,
    late_items,
    live,
    meetings,
    organisations,
    paper_votes,
    papers,
    protocols,
    whys,
)
from governance.views.charter_ballots import AboutCharter

app_name = "governance"

B = "bodies/<uuid:body>/"
D = B + "charter/drafts/<uuid:draft>/"
V = B + "charter/ballots/<uuid:ballot>/"
S = B + "seats/<uuid:seat>/"
M = "meetings/<uuid:meeting>/"
N = M + "minutes/"
L = M + "late-items/<uuid:item>/"
F = M + "floor/<uuid:request_uid>/"
G = "organisations/<uuid:organisation>/"
P = "papers/<slug:kind>/<uuid:subject>/"

CHARTER = {"about": AboutCharter}

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path(
        "organisations/new/",
        organisations.RegisterOrganisation.as_view(),
        name="register_organisation",
    ),
    path(G, organisations.organisation_page, name="organisation"),
    path(G + "name/", organisations.RenameOrganisation.as_view(), name="rename_organisation"),
    path(G + "positions/new/", organisations.Affiliate.as_view(), name="affiliate"),
    path("bodies/new/", bodies.CreateBody.as_view(), name="create_body"),
    path(B, bodies.body_page, name="body"),
    path("why/", whys.bodies_page, name="why_list"),
    path(B + "why/", whys.own_page, name="why"),
    path(B + "why/people/<uuid:person>/", whys.person_page, name="why_person"),
    path(B + "why/ballots/<uuid:ballot>/", whys.ballot_page, name="why_ballot"),
    path(B + "sides/new/", bodies.AddSide.as_view(), name="add_side"),
    path(B + "sides/<uuid:side>/seats/new/", bodies.AddSeat.as_view(), name="add_seat"),
    path(S + "fill/", bodies.FillSeat.as_view(), name="fill_seat"),
    path(S + "vacate/", bodies.VacateSeat.as_view(), name="vacate_seat"),
    path(S + "mandates/new/", bodies.RegisterMandate.as_view(), name="register_mandate"),
    path(B + "mandates/<uuid:mandate>/", bodies.mandate_page, name="mandate"),
    path(
        B + "mandates/<uuid:mandate>/revoke/", bodies.RevokeMandate.as_view(), name="revoke_mandate"
    ),
    path(B + "duties/new/", bodies.Appoint.as_view(), name="appoint"),
    path(
        B + "duties/<uuid:appointment>/end/",
        bodies.EndAppointment.as_view(),
        name="end_appointment",
    ),
    path("charters/", charters.library_page, name="charter_library"),
    path("charters/<slug:template>/", charters.template_page, name="charter_template"),
    path(B + "charter/", charters.charter_page, name="charter"),
    path(B + "charter/<int:number>/", charters.edition_page, name="charter_edition"),
    path(B + "charter/drafts/new/", charter_drafts.BeginDraft.as_view(), name="begin_charter"),
    path(D, charter_drafts.draft_page, name="charter_draft"),
    path(D + "terms/", charter_drafts.EditTerms.as_view(), name="edit_charter_terms"),
    path(D + "rules/", charter_drafts.EditRules.as_view(), name="edit_charter_rules"),
    path(D + "text/", charter_drafts.EditText.as_view(), name="edit_charter_text"),
    path(D + "try/", charter_drafts.try_page, name="try_charter"),
    path(D + "withdraw/", charter_drafts.Withdraw.as_view(), name="withdraw_charter"),
    path(D + "agenda/", charter_drafts.PutOnAgenda.as_view(), name="charter_on_agenda"),
    path(D + "vote/", charter_drafts.PutToVote.as_view(), name="put_charter"),
    path(D + "adopt/", charter_drafts.Adopt.as_view(), name="adopt_draft"),
    path(V, ballots.ballot_page, CHARTER, name="charter_ballot"),
    path(V + "cast/", ballots.cast_vote, CHARTER, name="charter_cast_vote"),
    path(V + "receipt/<uuid:vote>/", ballots.receipt, CHARTER, name="charter_receipt"),
    path(V + "open/", ballots.OpenBallot.as_view(), CHARTER, name="charter_open_ballot"),
    path(V + "close/", ballots.CloseBallot.as_view(), CHARTER, name="charter_close_ballot"),
    path(V + "annul/", ballots.Annul.as_view(), CHARTER, name="charter_annul_ballot"),
    path(V + "paper/", paper_votes.PaperVote.as_view(), CHARTER, name="charter_paper_vote"),
    path(
        V + "paper/<uuid:vote>/",
        paper_votes.CheckPaper.as_view(),
        CHARTER,
        name="charter_check_paper",
    ),
    path(V + "approve/", ballots.ApproveVote.as_view(), CHARTER, name="charter_approve_vote"),
    path(V + "decision/", decisions.decision_page, CHARTER, name="charter_decision"),
    path(V + "challenge/", decisions.RaiseDoubt.as_view(), CHARTER, name="charter_challenge"),
    path(
        V + "challenge/<uuid:challenge>/",
        decisions.Settle.as_view(),
        CHARTER,
        name="charter_settle",
    ),
    path(V + "examine/", decisions.Examine.as_view(), CHARTER, name="charter_examine"),
    path(V + "dissent/", ballots.Dissent.as_view(), CHARTER, name="charter_dissent"),
    path(B + "charter/new/", bodies.AdoptCharter.as_view(), name="adopt_charter"),
    path(B + "meetings/new/", meetings.PlanMeeting.as_view(), name="plan_meeting"),
    path(B + "papers/", papers.paper_list, name="papers"),
    path(B + "conflicts/", meetings.conflict_list, name="conflicts"),
    path(
        "conflicts/<uuid:conflict>/decide/",
        meetings.DecideConflict.as_view(),
        name="decide_conflict",
    ),
    path(M, meetings.meeting_page, name="meeting"),
    path(M + "events/", live.meeting_events, name="meeting_events"),
    path(M + "convene/", meetings.Convene.as_view(), name="convene"),
    path(M + "notices/<uuid:notice>/", meetings.RecordDelivery.as_view(), name="record_delivery"),
    path(M + "open/", meetings.Open.as_view(), name="open_meeting"),
    path(M + "close/", meetings.Close.as_view(), name="close_meeting"),
    path(M + "no-quorum/", meetings.Adjourn.as_view(), name="adjourn"),
    path(M + "cancel/", meetings.Cancel.as_view(), name="cancel_meeting"),
    path(M + "arrive/", meetings.Arrive.as_view(), name="arrive"),
    path(M + "arrive/all/", meetings.ArriveAll.as_view(), name="arrive_all"),
    path(M + "leave/", meetings.Leave.as_view(), name="leave"),
    path(M + "items/<uuid:item>/", floor.TakeUpItem.as_view(), name="take_up_item"),
    path(L, late_items.late_item_page, name="late_item"),
    path(L + "answer/", late_items.AnswerLateItem.as_view(), name="answer_late_item"),
    path(L + "add/", late_items.AddLateItem.as_view(), name="add_late_item"),
    path(M + "floor/", floor.AskForTheFloor.as_view(), name="ask_for_the_floor"),
    path(F, floor.GiveTheFloor.as_view(), name="give_the_floor"),
    path(F + "earlier/", floor.LetSpeakEarlier.as_view(), name="let_speak_earlier"),
    path(F + "end/", floor.EndSpeech.as_view(), name="end_speech"),
    path(F + "withdraw/", floor.WithdrawRequest.as_view(), name="withdraw_request"),
    path(M + "protocol/", protocols.DraftProtocol.as_view(), name="draft_protocol"),
    path(M + "protocol/sign/", protocols.SignProtocol.as_view(), name="sign_protocol"),
    path(M + "protocol/publish/", protocols.PublishProtocol.as_view(), name="publish_protocol"),
    path(M + "protocol/correct/", protocols.CorrectProtocol.as_view(), name="correct_protocol"),
    path(N, protocols.protocol_page, name="protocol"),
    path(N + "remark/", protocols.RemarkOnProtocol.as_view(), name="remark_on_protocol"),
    path(N + "remarks/<uuid:remark>/", protocols.AnswerRemark.as_view(), name="answer_remark"),
    path(
        N + "corrections/<uuid:correction>/",
        protocols.AgreeCorrection.as_view(),
        name="agree_correction",
    ),
    path(P, papers.paper_page, name="paper"),
    path(P + "issue/", papers.IssuePaper.as_view(), name="issue_paper"),
    path(
        P + "editions/<int:edition>/publish/",
        papers.PublishPaper.as_view(),
        name="publish_paper",
    ),
    path("paper-files/<uuid:file>/sign/", papers.KeepSignature.as_view(), name="sign_paper"),
    path("files/<uuid:file>/", papers.paper_file, name="paper_file"),
    path("files/signatures/<uuid:signature>/", papers.paper_signature, name="paper_signature"),
    path(
        "files/<slug:kind>/<uuid:subject>/<slug:language>/<slug:format_>/",
        papers.paper_now,
        name="paper_now",
    ),
]
