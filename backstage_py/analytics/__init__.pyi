from backstage_py.analytics.backends.api import AnalyticsApi as AnalyticsApi
from backstage_py.analytics.backends.api import BrowserAnalyticsApi as BrowserAnalyticsApi
from backstage_py.analytics.backends.api import ConsoleAnalyticsApi as ConsoleAnalyticsApi
from backstage_py.analytics.backends.api import MultipleAnalyticsApi as MultipleAnalyticsApi
from backstage_py.analytics.backends.api import NoOpAnalyticsApi as NoOpAnalyticsApi
from backstage_py.analytics.backends.browser_tag import BrowserTag as BrowserTag
from backstage_py.analytics.backends.console import show_line as show_line
from backstage_py.analytics.backends.http_api import Encoded as Encoded
from backstage_py.analytics.backends.http_api import HttpAnalyticsApi as HttpAnalyticsApi
from backstage_py.analytics.backends.http_api import Verdicts as Verdicts
from backstage_py.analytics.backends.http_api import json_list as json_list
from backstage_py.analytics.backends.http_api import json_of as json_of
from backstage_py.analytics.backends.http_api import refused_at as refused_at
from backstage_py.analytics.backends.people import People as People
from backstage_py.analytics.backends.people import get_people as get_people
from backstage_py.analytics.backends.people import use_people as use_people
from backstage_py.analytics.backends.policy import DeliveryPolicy as DeliveryPolicy
from backstage_py.analytics.backends.user_identity import UserIdentity as UserIdentity
from backstage_py.analytics.backends.user_identity import user_id_plain as user_id_plain
from backstage_py.analytics.backends.user_identity import user_id_sha256 as user_id_sha256
from backstage_py.analytics.capture.context import analytics_context as analytics_context
from backstage_py.analytics.capture.context import analytics_extension as analytics_extension
from backstage_py.analytics.capture.context import capture_on_mount as capture_on_mount
from backstage_py.analytics.capture.context import routed_content as routed_content
from backstage_py.analytics.capture.feedback import analytics_feedback as analytics_feedback
from backstage_py.analytics.capture.link import analytics_link as analytics_link
from backstage_py.analytics.capture.recording_choice import RecordingChoice as RecordingChoice
from backstage_py.analytics.capture.recording_choice import use_consent as use_consent
from backstage_py.analytics.capture.server_capture import CONTEXT_ARGUMENT as CONTEXT_ARGUMENT
from backstage_py.analytics.capture.server_capture import current_session_id as current_session_id
from backstage_py.analytics.capture.sign_in import capture_sign_in as capture_sign_in
from backstage_py.analytics.capture.sign_in import capture_sign_out as capture_sign_out
from backstage_py.analytics.capture.tracker import use_analytics as use_analytics
from backstage_py.analytics.clock import Clock as Clock
from backstage_py.analytics.clock import utc_now as utc_now
from backstage_py.analytics.config.configuration import Config as Config
from backstage_py.analytics.config.configuration import closest as closest
from backstage_py.analytics.config.loader import load_config as load_config
from backstage_py.analytics.config.location import data_folder as data_folder
from backstage_py.analytics.config.settings import HttpAddress as HttpAddress
from backstage_py.analytics.config.settings import OneOrMore as OneOrMore
from backstage_py.analytics.config.settings import RequiredText as RequiredText
from backstage_py.analytics.config.settings import SettingsModel as SettingsModel
from backstage_py.analytics.config.settings import ToolSettings as ToolSettings
from backstage_py.analytics.errors import AnalyticsError as AnalyticsError
from backstage_py.analytics.errors import CannotEraseError as CannotEraseError
from backstage_py.analytics.errors import ConfigurationError as ConfigurationError
from backstage_py.analytics.errors import DeliveryError as DeliveryError
from backstage_py.analytics.errors import InvalidEventError as InvalidEventError
from backstage_py.analytics.errors import NotTriedError as NotTriedError
from backstage_py.analytics.errors import NotWantedError as NotWantedError
from backstage_py.analytics.errors import PartlyDeliveredError as PartlyDeliveredError
from backstage_py.analytics.errors import RejectedError as RejectedError
from backstage_py.analytics.errors import RetryLaterError as RetryLaterError
from backstage_py.analytics.errors import UnansweredError as UnansweredError
from backstage_py.analytics.event import AnalyticsEvent as AnalyticsEvent
from backstage_py.analytics.event import RecordedEvent as RecordedEvent
from backstage_py.analytics.event import Scalar as Scalar
from backstage_py.analytics.event import extension_of as extension_of
from backstage_py.analytics.event import format_time as format_time
from backstage_py.analytics.event import parse_time as parse_time
from backstage_py.analytics.identity.access import CHECK_KEY as CHECK_KEY
from backstage_py.analytics.identity.access import PUBLIC as PUBLIC
from backstage_py.analytics.identity.access import SIGNED_IN as SIGNED_IN
from backstage_py.analytics.identity.access import Access as Access
from backstage_py.analytics.identity.access import Check as Check
from backstage_py.analytics.identity.access import GuardedRoute as GuardedRoute
from backstage_py.analytics.identity.access import Refusal as Refusal
from backstage_py.analytics.identity.access import access as access
from backstage_py.analytics.identity.access import find_access as find_access
from backstage_py.analytics.identity.credentials import Credentials as Credentials
from backstage_py.analytics.identity.credentials import current_credentials as current_credentials
from backstage_py.analytics.identity.credentials import using_credentials as using_credentials
from backstage_py.analytics.identity.forwarded import TRUSTED_PEER as TRUSTED_PEER
from backstage_py.analytics.identity.forwarded import TrustedProxies as TrustedProxies
from backstage_py.analytics.identity.identity import GuestIdentityApi as GuestIdentityApi
from backstage_py.analytics.identity.identity import IdentityApi as IdentityApi
from backstage_py.analytics.identity.identity import use_identity as use_identity
from backstage_py.analytics.identity.origin import Origins as Origins
from backstage_py.analytics.identity.origin import is_own_fetch as is_own_fetch
from backstage_py.analytics.identity.permissions import ANALYTICS_EVENT_READ as ANALYTICS_EVENT_READ
from backstage_py.analytics.identity.permissions import (
    ANALYTICS_INSIGHTS_READ as ANALYTICS_INSIGHTS_READ,
)
from backstage_py.analytics.identity.permissions import ANALYTICS_MANAGE as ANALYTICS_MANAGE
from backstage_py.analytics.identity.permissions import (
    ANALYTICS_PEOPLE_READ as ANALYTICS_PEOPLE_READ,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_ENTITY_CREATE as CATALOG_ENTITY_CREATE,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_ENTITY_DELETE as CATALOG_ENTITY_DELETE,
)
from backstage_py.analytics.identity.permissions import CATALOG_ENTITY_READ as CATALOG_ENTITY_READ
from backstage_py.analytics.identity.permissions import (
    CATALOG_ENTITY_REFRESH as CATALOG_ENTITY_REFRESH,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_ENTITY_VALIDATE as CATALOG_ENTITY_VALIDATE,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_LOCATION_ANALYZE as CATALOG_LOCATION_ANALYZE,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_LOCATION_CREATE as CATALOG_LOCATION_CREATE,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_LOCATION_DELETE as CATALOG_LOCATION_DELETE,
)
from backstage_py.analytics.identity.permissions import (
    CATALOG_LOCATION_READ as CATALOG_LOCATION_READ,
)
from backstage_py.analytics.identity.permissions import PERMISSIONS as PERMISSIONS
from backstage_py.analytics.identity.permissions import (
    SCAFFOLDER_ACTION_EXECUTE as SCAFFOLDER_ACTION_EXECUTE,
)
from backstage_py.analytics.identity.permissions import (
    SCAFFOLDER_TASK_CANCEL as SCAFFOLDER_TASK_CANCEL,
)
from backstage_py.analytics.identity.permissions import (
    SCAFFOLDER_TASK_CREATE as SCAFFOLDER_TASK_CREATE,
)
from backstage_py.analytics.identity.permissions import SCAFFOLDER_TASK_READ as SCAFFOLDER_TASK_READ
from backstage_py.analytics.identity.permissions import (
    SCAFFOLDER_TEMPLATE_MANAGEMENT as SCAFFOLDER_TEMPLATE_MANAGEMENT,
)
from backstage_py.analytics.identity.permissions import (
    SCAFFOLDER_TEMPLATE_PARAMETER_READ as SCAFFOLDER_TEMPLATE_PARAMETER_READ,
)
from backstage_py.analytics.identity.permissions import (
    SCAFFOLDER_TEMPLATE_STEP_READ as SCAFFOLDER_TEMPLATE_STEP_READ,
)
from backstage_py.analytics.identity.permissions import ListedPermissions as ListedPermissions
from backstage_py.analytics.identity.permissions import Permissions as Permissions
from backstage_py.analytics.identity.permissions import use_permissions as use_permissions
from backstage_py.analytics.ingest.endpoint import ProblemError as ProblemError
from backstage_py.analytics.ingest.endpoint import json_response as json_response
from backstage_py.analytics.ingest.endpoint import require_media_type as require_media_type
from backstage_py.analytics.ingest.endpoint import require_own_origin as require_own_origin
from backstage_py.analytics.inventory.capture import read_inventory as read_inventory
from backstage_py.analytics.inventory.declaration import Declaration as Declaration
from backstage_py.analytics.inventory.lint import write_tracking_plan as write_tracking_plan
from backstage_py.analytics.inventory.plan import describe_address as describe_address
from backstage_py.analytics.inventory.review import DeclarationStatus as DeclarationStatus
from backstage_py.analytics.inventory.review import Finding as Finding
from backstage_py.analytics.inventory.review import FindingKind as FindingKind
from backstage_py.analytics.inventory.review import Review as Review
from backstage_py.analytics.inventory.review import review_instrumentation as review_instrumentation
from backstage_py.analytics.periodic import Every as Every
from backstage_py.analytics.plugin import AnalyticsPlugin as AnalyticsPlugin
from backstage_py.analytics.recorder import Recorder as Recorder
from backstage_py.analytics.retention.listeners import on_deletion as on_deletion
from backstage_py.analytics.retention.retention import Retention as Retention
from backstage_py.analytics.runtime import DELIVERIES_CHANGED as DELIVERIES_CHANGED
from backstage_py.analytics.runtime import EVENTS_STORED as EVENTS_STORED
from backstage_py.analytics.runtime import Runtime as Runtime
from backstage_py.analytics.runtime import get_recorder as get_recorder
from backstage_py.analytics.runtime import get_runtime as get_runtime
from backstage_py.analytics.runtime import get_signals as get_signals
from backstage_py.analytics.runtime import own_secret as own_secret
from backstage_py.analytics.state import AnalyticsState as AnalyticsState
from backstage_py.analytics.store.deletions import Deletion as Deletion
from backstage_py.analytics.store.deletions import DeletionLog as DeletionLog
from backstage_py.analytics.store.deliveries import Backlog as Backlog
from backstage_py.analytics.store.deliveries import DeliveryState as DeliveryState
from backstage_py.analytics.store.deliveries import DeliveryStore as DeliveryStore
from backstage_py.analytics.store.deliveries import PendingDelivery as PendingDelivery
from backstage_py.analytics.store.engine import begin_writing as begin_writing
from backstage_py.analytics.store.engine import open_engine as open_engine
from backstage_py.analytics.store.erasures import Erasure as Erasure
from backstage_py.analytics.store.erasures import ErasureState as ErasureState
from backstage_py.analytics.store.erasures import ErasureTask as ErasureTask
from backstage_py.analytics.store.events import EventStore as EventStore
from backstage_py.analytics.store.events import StoredEvent as StoredEvent
from backstage_py.analytics.store.migrate import migrate as migrate
from backstage_py.analytics.store.models import AnalyticsEventRow as AnalyticsEventRow
from backstage_py.analytics.store.models import UtcTime as UtcTime
from backstage_py.analytics.store.process_lock import FileLock as FileLock
from backstage_py.analytics.store.process_lock import ProcessLock as ProcessLock
from backstage_py.analytics.store.sample import is_sample as is_sample
from backstage_py.analytics.store.sample import sample_session as sample_session
from backstage_py.analytics.store.signals import ANYTHING as ANYTHING
from backstage_py.analytics.store.signals import Signals as Signals
from backstage_py.analytics.store.tallies import Tallies as Tallies
from backstage_py.analytics.store.tallies import Tally as Tally
from backstage_py.analytics.testing import MockAnalyticsApi as MockAnalyticsApi
