import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA as LIST

from backstage_py.analytics.config.configuration import Config, ConfigSource
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.ingest import robots
from backstage_py.analytics.ingest.robots import Robots

ROBOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/103 Safari",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4",
    "DatadogSynthetics",
    "kube-probe/1.29",
    "Mozilla/5.0 (compatible; YandexBot/3.0)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Chrome-Lighthouse",
    "Baiduspider+(+http://www.baidu.com/search/spider.htm)",
    "GPTBot/1.0",
    "Checkly/1.0 (https://www.checklyhq.com)",
]
PEOPLE = [
    "",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/147.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Safari/604",
    "curl/8.5.0",
    "python-httpx/0.28.1",
    "python-requests/2.32",
    "testclient",
    "Abbot/1.0",
    "Mozilla/5.0 (Linux; Android 12; Talbot One) AppleWebKit/537.36 Chrome/120 Mobile Safari",
    "my-robot-app/1.0",
    "Wget/1.21.4",
]


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_that_say_so_are_refused(agent: str) -> None:
    assert Robots().refuse({"user-agent": agent})


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_tests_and_senders_are_not(agent: str) -> None:
    assert not Robots().refuse({"user-agent": agent})


def test_the_list_is_the_published_one() -> None:
    """If it is not, `requirements-dev.txt` names another release: write patterns.txt anew."""
    own_tools = {"http-library", "browser-automation"}
    kept = [one["pattern"] for one in LIST if own_tools.isdisjoint(one.get("tags", ()))]
    lines = robots.PATTERNS.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not line.startswith("#")] == kept


def test_a_sender_without_a_user_agent_counts_as_a_person() -> None:
    assert not Robots().refuse({})


def test_the_owner_may_accept_them_or_name_more() -> None:
    accepting = Robots.from_config(Config({"mode": "accept"}))
    naming = Robots.from_config(Config({"also": ["Nordlicht-Probe"]}))

    assert not accepting.refuse({"user-agent": ROBOTS[0]})
    assert naming.refuse({"user-agent": "nordlicht-probe/2"})


def test_a_wrong_mode_is_one_clear_error() -> None:
    values = {"robots": {"mode": "drop"}}
    section = Config(values, (ConfigSource("app-config.yaml", values),)).section("robots")

    with pytest.raises(ConfigurationError, match=r'robots.mode .*is "drop". Use refuse or accept'):
        Robots.from_config(section)
