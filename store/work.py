"""One transaction as `handlers.ports.Work`, and the store that opens it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property

from sqlalchemy import Connection

from store.accounts import AccountRepo
from store.ageing import Ageing
from store.answers import AnswerRepo
from store.asks import AskRepo
from store.audit import AuditRepo
from store.boards import BoardRepo
from store.care import CareRepo
from store.care_tasks import CareTaskRepo
from store.chats import ChatRepo
from store.checklists import ChecklistRepo
from store.code_links import CodeLinkRepo
from store.consents import ConsentRepo
from store.contacts import ContactRepo
from store.day_lists import DayListRepo
from store.day_reads import DayReads
from store.declarations import DeclarationRepo
from store.declared_answers import ColourRepo, QuestionRepo
from store.directives import DirectiveRepo, ReceiptRepo
from store.duty_days import DayOffRepo, HandoverRepo, PaperOrderRepo
from store.engine import Database
from store.erasure import Erasure
from store.fatigue import FatigueRepo
from store.household_steps import HouseholdSteps
from store.households import HouseholdRepo
from store.isolations import IsolationRepo
from store.kf_pull import PullRepo
from store.knocks import KnockRepo
from store.matters import MatterRepo
from store.messages import InboxRepo
from store.needs import NeedRepo
from store.outbox import OutboxRepo
from store.outbox_claims import Claims
from store.people import PeopleRepo
from store.person_keys import PersonKeys
from store.place_codes import PlaceCodeRepo
from store.postings import PostingRepo
from store.reports import DailyRepo, ReportRepo
from store.rights import RightsRepo
from store.rounds import RoundRepo
from store.sheet_answers import SheetAnswers
from store.silences import SilenceRepo
from store.statements import StatementRepo
from store.subjects import SubjectRepo
from store.talks import AlarmRepo, HeartbeatRepo, ModeRepo, TalkRepo
from store.tree import TreeRepo
from store.visit_words import VisitWordRepo
from store.visits import VisitRepo
from store.windows import WindowRepo
from store.wishes import WishRepo


class SqlWork:
    """The repositories of one transaction, made as they are asked for."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def checklists(self) -> ChecklistRepo:
        return ChecklistRepo(self.connection)

    @cached_property
    def accounts(self) -> AccountRepo:
        return AccountRepo(self.connection)

    @cached_property
    def ageing(self) -> Ageing:
        return Ageing(self.connection, self.erasure, self.households, self.audit)

    @cached_property
    def alarms(self) -> AlarmRepo:
        return AlarmRepo(self.connection)

    @cached_property
    def answers(self) -> AnswerRepo:
        return AnswerRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def asks(self) -> AskRepo:
        return AskRepo(self.connection)

    @cached_property
    def audit(self) -> AuditRepo:
        return AuditRepo(self.connection)

    @cached_property
    def boards(self) -> BoardRepo:
        return BoardRepo(self.connection)

    @cached_property
    def care(self) -> CareRepo:
        return CareRepo(self.connection)

    @cached_property
    def care_tasks(self) -> CareTaskRepo:
        return CareTaskRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def chats(self) -> ChatRepo:
        return ChatRepo(self.connection)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self.connection)

    @cached_property
    def codes(self) -> PlaceCodeRepo:
        return PlaceCodeRepo(self.connection)

    @cached_property
    def colours(self) -> ColourRepo:
        return ColourRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def consents(self) -> ConsentRepo:
        return ConsentRepo(self.connection)

    @cached_property
    def contacts(self) -> ContactRepo:
        return ContactRepo(self.connection)

    @cached_property
    def dailies(self) -> DailyRepo:
        return DailyRepo(self.connection)

    @cached_property
    def day_lists(self) -> DayListRepo:
        return DayListRepo(self.connection)

    @cached_property
    def day_reads(self) -> DayReads:
        return DayReads(self.connection)

    @cached_property
    def days_off(self) -> DayOffRepo:
        return DayOffRepo(self.connection)

    @cached_property
    def declarations(self) -> DeclarationRepo:
        return DeclarationRepo(self.connection, self.person_keys, self.subjects, self.audit)

    @cached_property
    def directives(self) -> DirectiveRepo:
        return DirectiveRepo(self.connection)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self.connection, self.person_keys)

    @cached_property
    def fatigue(self) -> FatigueRepo:
        return FatigueRepo(self.connection)

    @cached_property
    def handovers(self) -> HandoverRepo:
        return HandoverRepo(self.connection)

    @cached_property
    def heartbeats(self) -> HeartbeatRepo:
        return HeartbeatRepo(self.connection)

    @cached_property
    def household_steps(self) -> HouseholdSteps:
        return HouseholdSteps(self.connection, self.households)

    @cached_property
    def households(self) -> HouseholdRepo:
        return HouseholdRepo(self.connection, self.person_keys)

    @cached_property
    def inbox(self) -> InboxRepo:
        return InboxRepo(self.connection)

    @cached_property
    def isolations(self) -> IsolationRepo:
        return IsolationRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def knocks(self) -> KnockRepo:
        return KnockRepo(self.connection)

    @cached_property
    def links(self) -> CodeLinkRepo:
        return CodeLinkRepo(self.connection)

    @cached_property
    def matters(self) -> MatterRepo:
        return MatterRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def modes(self) -> ModeRepo:
        return ModeRepo(self.connection)

    @cached_property
    def needs(self) -> NeedRepo:
        return NeedRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def outbox(self) -> OutboxRepo:
        return OutboxRepo(self.connection)

    @cached_property
    def paper_orders(self) -> PaperOrderRepo:
        return PaperOrderRepo(self.connection)

    @cached_property
    def people(self) -> PeopleRepo:
        return PeopleRepo(self.connection)

    @cached_property
    def person_keys(self) -> PersonKeys:
        return PersonKeys(self.connection)

    @cached_property
    def postings(self) -> PostingRepo:
        return PostingRepo(self.connection)

    @cached_property
    def questions(self) -> QuestionRepo:
        return QuestionRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def pulls(self) -> PullRepo:
        return PullRepo(self.connection)

    @cached_property
    def receipts(self) -> ReceiptRepo:
        return ReceiptRepo(self.connection)

    @cached_property
    def reports(self) -> ReportRepo:
        return ReportRepo(self.connection)

    @cached_property
    def rights(self) -> RightsRepo:
        return RightsRepo(self.connection, self.person_keys, self.subjects)

    @cached_property
    def rounds(self) -> RoundRepo:
        return RoundRepo(self.connection)

    @cached_property
    def sheet_answers(self) -> SheetAnswers:
        return SheetAnswers(self.connection)

    @cached_property
    def silences(self) -> SilenceRepo:
        return SilenceRepo(self.connection)

    @cached_property
    def statements(self) -> StatementRepo:
        return StatementRepo(self.connection)

    @cached_property
    def subjects(self) -> SubjectRepo:
        return SubjectRepo(self.connection, self.person_keys)

    @cached_property
    def talks(self) -> TalkRepo:
        return TalkRepo(self.connection)

    @cached_property
    def tree(self) -> TreeRepo:
        return TreeRepo(self.connection)

    @cached_property
    def visit_words(self) -> VisitWordRepo:
        return VisitWordRepo(self.connection)

    @cached_property
    def visits(self) -> VisitRepo:
        return VisitRepo(self.connection)

    @cached_property
    def windows(self) -> WindowRepo:
        return WindowRepo(self.connection)

    @cached_property
    def wishes(self) -> WishRepo:
        return WishRepo(self.connection)


class Store:
    """Opens transactions on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def begin(self) -> Iterator[SqlWork]:
        """Yield a writing transaction; it commits on leaving, rolls back on an error."""
        with self.database.begin() as connection:
            yield SqlWork(connection)

    @contextmanager
    def begin_parts(self) -> Iterator[Callable[[], AbstractContextManager[SqlWork]]]:
        """Yield what opens one piece of work after the other, all in one writing transaction: each is undone alone when
        it fails, and they are committed together on leaving."""
        with self.database.begin() as connection:

            @contextmanager
            def part() -> Iterator[SqlWork]:
                with self.database.part(connection):
                    yield SqlWork(connection)

            yield part

    @contextmanager
    def read(self) -> Iterator[SqlWork]:
        """Yield one consistent view that cannot write."""
        with self.database.read() as connection:
            yield SqlWork(connection)
