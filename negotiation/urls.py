"""Addresses of the pages of a negotiation, below /negotiations/."""

from __future__ import annotations

from django.urls import path

from governance.views import ballots as pages
from governance.views import decisions, paper_votes
from negotiation.views import (
    agenda,
    amendments,
    ballots,
    clauses,
    confirmations,
    disagreements,
    drafts,
    live,
    matters,
    rooms,
    rounds,
    silence,
)
from negotiation.views.ballots import AboutMatter

app_name = "negotiation"

A = "<uuid:uid>/amendments/<uuid:amendment>/"
B = "<uuid:uid>/ballots/<uuid:ballot>/"
C = "<uuid:uid>/clauses/<uuid:clause>/"
D = "<uuid:uid>/disagreements/<uuid:disagreement>/"

MATTER = {"about": AboutMatter}

urlpatterns = [
    path("", matters.matter_list, name="matters"),
    path("register/", drafts.RegisterMatter.as_view(), name="register_matter"),
    path("meetings/<uuid:meeting>/", live.live_meeting, name="live_meeting"),
    path("meetings/<uuid:meeting>/wall/", live.projector, name="projector"),
    path("<uuid:uid>/", matters.matter_page, name="matter"),
    path("<uuid:uid>/history/", matters.history, name="history"),
    path("<uuid:uid>/papers/", matters.paper_list, name="papers"),
    path("<uuid:uid>/draft/", drafts.ImportDraft.as_view(), name="import_draft"),
    path("<uuid:uid>/draft/clause/", drafts.AddClause.as_view(), name="add_clause"),
    path("<uuid:uid>/open/", drafts.OpenMatter.as_view(), name="open_matter"),
    path("<uuid:uid>/circulate/", drafts.Circulate.as_view(), name="circulate"),
    path("<uuid:uid>/round/close/", rounds.CloseRound.as_view(), name="close_round"),
    path("<uuid:uid>/summary/", rounds.summary_page, name="summary"),
    path("<uuid:uid>/summary/prepare/", rounds.PrepareSummary.as_view(), name="prepare_summary"),
    path("<uuid:uid>/revision/", rounds.IssueRevision.as_view(), name="issue_revision"),
    path("<uuid:uid>/room/", rooms.Room.as_view(), name="room"),
    path(C, clauses.clause_page, name="clause"),
    path(C + "rewrite/", drafts.RewriteClause.as_view(), name="rewrite_clause"),
    path(C + "position/", clauses.TakePosition.as_view(), name="take_position"),
    path(C + "remark/", clauses.AddRemark.as_view(), name="add_remark"),
    path(C + "separate/", clauses.DemandSeparate.as_view(), name="demand_separate"),
    path(C + "conflict/", clauses.DeclareConflict.as_view(), name="declare_conflict"),
    path(C + "wording/", clauses.TableWording.as_view(), name="table_wording"),
    path(C + "approve/", rooms.ApproveInside.as_view(), name="approve_inside"),
    path(C + "amend/", amendments.FileAmendment.as_view(), name="file_amendment"),
    path("<uuid:uid>/amendments/", amendments.amendment_list, name="amendments"),
    path("<uuid:uid>/amendments/new/", amendments.FileNewClause.as_view(), name="file_new_clause"),
    path(A, amendments.amendment_page, name="amendment"),
    path(A + "sub/", amendments.FileSubAmendment.as_view(), name="file_sub_amendment"),
    path(A + "admit/", amendments.Admit.as_view(), name="admit"),
    path(A + "sponsor/", amendments.Sponsor.as_view(), name="sponsor"),
    path(A + "conclude/", amendments.ProposeDisposition.as_view(), name="propose_disposition"),
    path(A + "vote/", amendments.DemandVote.as_view(), name="demand_vote"),
    path(A + "withdraw/", amendments.Withdraw.as_view(), name="withdraw"),
    path(A + "rebase/", amendments.Rebase.as_view(), name="rebase"),
    path("<uuid:uid>/ballots/", ballots.ballot_list, name="ballots"),
    path("<uuid:uid>/agenda/", agenda.PutOnAgenda.as_view(), name="put_on_agenda"),
    path("<uuid:uid>/agenda/late/", agenda.ProposeLateItem.as_view(), name="propose_late_item"),
    path("<uuid:uid>/ballots/new/", ballots.PutQuestion.as_view(), name="put_question"),
    path(B, pages.ballot_page, MATTER, name="ballot"),
    path(B + "vote/", pages.cast_vote, MATTER, name="cast_vote"),
    path(B + "receipt/<uuid:vote>/", pages.receipt, MATTER, name="receipt"),
    path(B + "decision/", decisions.decision_page, MATTER, name="decision"),
    path(B + "open/", pages.OpenBallot.as_view(), MATTER, name="open_ballot"),
    path(B + "close/", pages.CloseBallot.as_view(), MATTER, name="close_ballot"),
    path(B + "annul/", pages.Annul.as_view(), MATTER, name="annul_ballot"),
    path(B + "silence/", silence.OpenSilence.as_view(), MATTER, name="open_silence"),
    path(B + "silence/read/", silence.ReadSilence.as_view(), MATTER, name="read_silence"),
    path(
        B + "silence/object/",
        silence.ObjectToSilence.as_view(),
        MATTER,
        name="object_to_silence",
    ),
    path(
        B + "silence/delivery/",
        silence.ProveSilenceNotice.as_view(),
        MATTER,
        name="prove_silence_notice",
    ),
    path(
        B + "silence/remind/", silence.RemindOfSilence.as_view(), MATTER, name="remind_of_silence"
    ),
    path(B + "silence/end/", silence.EndSilence.as_view(), MATTER, name="end_silence"),
    path(B + "paper/", paper_votes.PaperVote.as_view(), MATTER, name="paper_vote"),
    path(B + "paper/<uuid:vote>/", paper_votes.CheckPaper.as_view(), MATTER, name="check_paper"),
    path(B + "approve/", pages.ApproveVote.as_view(), MATTER, name="approve_vote"),
    path(B + "dissent/", pages.Dissent.as_view(), MATTER, name="dissent"),
    path(B + "challenge/", decisions.RaiseDoubt.as_view(), MATTER, name="challenge"),
    path(B + "challenge/<uuid:challenge>/", decisions.Settle.as_view(), MATTER, name="settle"),
    path(B + "confirm/", confirmations.PutConfirmation.as_view(), MATTER, name="put_confirmation"),
    path(B + "examine/", decisions.Examine.as_view(), MATTER, name="examine"),
    path("<uuid:uid>/disagreements/", disagreements.disagreement_list, name="disagreements"),
    path(
        "<uuid:uid>/disagreements/recommend/", disagreements.Recommend.as_view(), name="recommend"
    ),
    path(
        "<uuid:uid>/disagreements/protocol/",
        disagreements.DrawUpProtocol.as_view(),
        name="draw_up_protocol",
    ),
    path(
        "<uuid:uid>/disagreements/protocol/<uuid:protocol>/sign/",
        disagreements.SignProtocol.as_view(),
        name="sign_protocol",
    ),
    path(D + "reasons/", disagreements.StateReasons.as_view(), name="state_reasons"),
    path(D + "record/", disagreements.RecordDisagreement.as_view(), name="record_disagreement"),
]
