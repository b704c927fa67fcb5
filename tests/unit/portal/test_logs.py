import json
import logging
from collections.abc import Iterator

import pytest

from backstage_py.analytics import ConfigurationError
from backstage_py.portal.logs import configure_logs, logs_requests

pytestmark = pytest.mark.usefixtures("root_as_before")


@pytest.fixture
def root_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_an_object_with_what_the_call_gives(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs({"LOG_FORMAT": "json"})

    logging.getLogger("backstage_py").warning("Delivery waits: %s", "503", extra={"backend": "ga4"})

    line = json.loads(capsys.readouterr().err)
    assert line.pop("time")
    assert line == {
        "level": "WARNING",
        "logger": "backstage_py",
        "message": "Delivery waits: 503",
        "backend": "ga4",
    }


def test_another_format_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError, match=r"^LOG_FORMAT: is 'xml'\. Use json or text"):
        configure_logs({"LOG_FORMAT": "xml"})


def test_whether_requests_are_logged_is_true_or_false() -> None:
    assert logs_requests({"LOG_REQUESTS": "true"})
    assert not logs_requests({})
    with pytest.raises(ConfigurationError, match=r"^LOG_REQUESTS: is 'yes'\. Use true or false"):
        logs_requests({"LOG_REQUESTS": "yes"})
