import os

import pytest

from labhand.cli.settings import Places, known_names, load
from labhand.tools.contract.errors import ConfigurationError


@pytest.fixture
def places(home, tmp_path):
    return Places(tmp_path / "labhand.toml", tmp_path / "config.toml")


def test_the_order_of_the_layers(places, monkeypatch):
    places.user.write_text('model = "user"\nstrategy = "user"\nworkers = 3\nfallback = ["x"]')
    assert load({}, places).settings.model == "user"
    places.project.write_text('model = "project"\nstrategy = "project"\nworkers = 4')
    monkeypatch.setenv("LABHAND_MODEL", "environment")
    monkeypatch.setenv("LABHAND_STRATEGY", "environment")
    loaded = load({"model": "flag", "strategy": None}, places)
    settings = loaded.settings
    assert (settings.model, settings.strategy, settings.workers) == ("flag", "environment", 4)
    assert settings.fallback == ("x",)
    assert loaded.origins["model"] == "flag"
    assert loaded.origins["strategy"] == "environment"
    assert loaded.origins["workers"].startswith("project file")
    assert loaded.origins["fallback"].startswith("user file")
    assert loaded.origins["color"] == "default"


def test_tables_are_merged_key_by_key(places, monkeypatch):
    places.user.write_text("[budget]\nseconds = 5\ntokens = 6")
    places.project.write_text("[budget]\ntokens = 7")
    monkeypatch.setenv("LABHAND_BUDGET__COST_USD", "0.5")
    budget = load({"budget": {"model_calls": 2, "tokens": None}}, places).settings.budget.budget()
    assert (budget.seconds, budget.tokens, budget.cost_usd, budget.model_calls) == (5, 7, 0.5, 2)


def test_zero_takes_a_limit_away(places):
    assert load({"budget": {"seconds": 0}}, places).settings.budget.budget().seconds is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('modle = "x"', "there is no setting 'modle'. Did you mean model"),
        ("[budget]\nsecond = 1", "Did you mean budget.seconds"),
        ("workers = 'many'", "workers"),
        ("workers = 0", "workers"),
        ("model =", "is not valid TOML"),
        ("approvals = 'all'", "may not stand in a project file"),
        ("[keys]\nopenai = 'sk-1'", "may not stand in a project file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(places, text, part):
    places.project.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load({}, places)
    assert part in str(caught.value)
    assert "labhand.toml" in str(caught.value) or "project file" in str(caught.value)
    assert "sk-1" not in str(caught.value)


def test_a_wrong_key_is_not_repeated(places):
    places.user.write_text("[keys]\nopenai = 12345678")
    with pytest.raises(ConfigurationError) as caught:
        load({}, places)
    assert "12345678" not in str(caught.value)


def test_unknown_variables_are_noticed(places, monkeypatch):
    monkeypatch.setenv("LABHAND_MODLE", "x")
    assert load({}, places).notices == (
        "The variable LABHAND_MODLE is no setting. Did you mean LABHAND_MODEL?",
    )


def test_config_show_names_every_setting_and_masks_keys(labhand, home, monkeypatch):
    folder = home.parent / "config" / "labhand"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('workers = 3\n[keys]\nopenai = "sk-secret-2"\n')
    monkeypatch.setenv("LABHAND_FALLBACK", "a, b")
    record = labhand("config", "show", "--json").json["settings"]
    assert {n for n in known_names() if n != "keys.PROVIDER"} <= record.keys()
    assert record["fallback"] == {"value": ["a", "b"], "origin": "environment"}
    assert record["workers"]["origin"].startswith("user file")
    text = labhand("config", "show").out
    assert "keys.openai" in text
    assert "sk-secret-2" not in text + str(record)


def test_home_and_keys_hold_for_the_process(labhand, home, monkeypatch):
    folder = home.parent / "config" / "labhand"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[keys]\ngroq = "sk-3"\n')
    monkeypatch.setenv("GROQ_API_KEY", "")
    monkeypatch.delenv("GROQ_API_KEY")
    labhand("sessions", "list")
    assert os.environ["GROQ_API_KEY"] == "sk-3"
    assert os.environ["LABHAND_HOME"] == str(home)


def test_options_of_the_model_are_settings_too(places, monkeypatch):
    places.project.write_text("[options]\ntemperature = 0.3\nmax_tokens = 500")
    monkeypatch.setenv("LABHAND_OPTIONS__MAX_TOKENS", "700")
    options = load({}, places).settings.options
    assert (options.temperature, options.max_tokens) == (0.3, 700)


def test_a_project_file_cannot_send_the_key_to_another_address(places):
    places.project.write_text('[options]\nbase_url = "http://elsewhere.example/v1"')
    with pytest.raises(ConfigurationError, match=r"options\.base_url"):
        load({}, places)
