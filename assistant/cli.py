"""The command line: `madoguchi COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import MadoguchiError

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. Errors go to stderr with their cure, without a stack trace."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    command: Command = chosen.run
    try:
        return command(chosen)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`madoguchi ask … | head`); stdout can't be flushed any more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except MadoguchiError as exc:
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2
    except Exception as exc:
        from knowledge.errors import KnowledgeError
        from voice.errors import VoiceError

        if not isinstance(exc, KnowledgeError | VoiceError):
            raise
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="madoguchi", description="Citizen assistant for Japanese municipalities")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _serving(commands)
    _knowledge(commands)
    _asking(commands)
    _speaking(commands)
    _auditing(commands)
    _users(commands)
    _rasa(commands)
    return parser


def _serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="load the demo town if the database is empty, and serve it")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=_lazy("demo", "demo"))
    serve = commands.add_parser("serve", help="serve with the configured database")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1)
    serve.set_defaults(run=_lazy("serving", "serve"))


def _knowledge(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ingest = commands.add_parser("ingest", help="import files, folders or law:ID")
    ingest.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or law:ID for a law from e-Gov")
    ingest.add_argument("--town", required=True, metavar="CODE", help="全国地方公共団体コード, 6 digits")
    ingest.add_argument("--layer", choices=["nation", "prefecture", "town"], default="town")
    ingest.add_argument("--kind", choices=["auto", "guides", "faq", "law", "table", "site"], default="auto")
    ingest.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day that documents without a date, or laws, are of")
    ingest.add_argument("--egov", default="https://laws.e-gov.go.jp/api/2", metavar="URL", help=argparse.SUPPRESS)
    ingest.set_defaults(run=_lazy("ingesting", "ingest"))
    town = commands.add_parser("town", help="add or list the towns that are served")
    actions = town.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a town from its town.yaml, or by code and name")
    add.add_argument("file", nargs="?", type=Path, metavar="TOWN.YAML")
    add.add_argument("--code", metavar="CODE")
    add.add_argument("--name", metavar="NAME")
    add.add_argument("--prefecture", metavar="CODE")
    add.set_defaults(run=_lazy("ingesting", "add_town"))
    actions.add_parser("list", help="list the towns").set_defaults(run=_lazy("ingesting", "list_towns"))
    reindex = commands.add_parser("reindex", help="build the search index again from the database")
    reindex.add_argument("--town", metavar="CODE", help="only this town or layer")
    reindex.set_defaults(run=_lazy("ingesting", "reindex"))


def _asking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = commands.add_parser("ask", help="ask one question in the terminal")
    ask.add_argument("question")
    ask.add_argument("--town", metavar="CODE")
    ask.add_argument("--lang", metavar="CODE", help="BCP-47; default: the question's own language")
    ask.add_argument("--json", action="store_true", help="print the Message as JSON")
    ask.set_defaults(run=_lazy("asking", "ask"))
    evaluate = commands.add_parser("eval", help="measure retrieval on a labelled set")
    evaluate.add_argument("set", type=Path, metavar="SET", help="folder with corpus, queries and qrels")
    evaluate.add_argument("--split", choices=["dev", "test"], default="dev")
    evaluate.add_argument("--system", default="madoguchi", metavar="NAME")
    evaluate.add_argument("--run", dest="run_file", type=Path, metavar="FILE", help="write a TREC run")
    evaluate.add_argument("--json", dest="json_file", type=Path, metavar="FILE", help="write the figures as JSON")
    evaluate.add_argument("--against", type=Path, metavar="FILE", help="compare with the TREC run of another system")
    evaluate.add_argument("--report", type=Path, metavar="DIR", help="write report.md, report.json and plots")
    evaluate.set_defaults(run=_evaluate)
    _judging(commands)


def _judging(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    decisions = commands.add_parser("eval-decisions", help="first turns through the whole pipeline, judged")
    decisions.add_argument("file", type=Path, metavar="FILE.jsonl", help="lines {id, text, lang, expected}")
    decisions.add_argument("--town", required=True, metavar="CODE")
    decisions.add_argument("--json", dest="json_file", type=Path, metavar="FILE", help="write the figures as JSON")
    decisions.add_argument("--report", type=Path, metavar="DIR", help="write report.md, report.json and plots")
    decisions.set_defaults(run=_evaluate_decisions)
    limits = commands.add_parser("calibrate", help="from which confidence on a town answers, by judged answers")
    limits.add_argument("file", type=Path, nargs="?", metavar="FILE.jsonl",
                        help="lines {text, lang, expected: answer:KEY}; default: the residents' feedback")  # fmt: skip
    limits.add_argument("--town", required=True, metavar="CODE")
    limits.add_argument("--alpha", type=float, default=0.05, help="share of answers that may be wrong (0.05)")
    limits.add_argument("--delta", type=float, default=0.1, help="chance that the promise fails (0.1)")
    limits.add_argument("--reset", action="store_true", help="forget the town's calibration")
    limits.set_defaults(run=_lazy("calibrating", "run"))
    train = commands.add_parser(
        "train-embedding", help="adapt the embedding model to a town; kept only if it is better"
    )
    train.add_argument("--town", required=True, metavar="CODE")
    train.set_defaults(run=_lazy("training", "train_embedding"))


def _users(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    user = commands.add_parser("user", help="add, list and disable staff accounts")
    actions = user.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="create an account, or give one the role too")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", required=True, choices=["admin", "clerk", "curator", "auditor"])
    add.add_argument("--town", required=True, metavar="CODE")
    add.set_defaults(run=_lazy("users", "add_user"))
    password = actions.add_parser("password", help="give an account a new password")
    password.add_argument("name", metavar="NAME")
    password.set_defaults(run=_lazy("users", "set_password"))
    for asking in (add, password):
        asking.add_argument("--password-file", metavar="FILE", help="default: MADOGUCHI_USER_PASSWORD, or asked")
    disable = actions.add_parser("disable", help="keep an account from logging in")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(run=_lazy("users", "disable_user"))
    listing = actions.add_parser("list", help="list the accounts of a town")
    listing.add_argument("--town", required=True, metavar="CODE")
    listing.set_defaults(run=_lazy("users", "list_users"))


def _rasa(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rasa = commands.add_parser("rasa", help="write a Rasa project from the knowledge, or look into an existing one")
    actions = rasa.add_subparsers(required=True, metavar="ACTION")
    out = actions.add_parser("export", help="write a complete Rasa 3 project")
    out.add_argument("folder", type=Path, metavar="DIR")
    out.add_argument("--town", metavar="CODE")
    out.add_argument("--languages", metavar="CODES", help="comma-separated BCP-47; default: all that guides have")
    out.add_argument("--url", default="http://127.0.0.1:8000", help="where Madoguchi answers Rasa's action calls")
    out.set_defaults(run=_lazy("rasa", "export_project"))
    into = actions.add_parser("import", help="report what a Rasa project holds and what has no counterpart")
    into.add_argument("folder", type=Path, metavar="DIR")
    into.add_argument("--json", dest="json_file", type=Path, metavar="FILE", help="write the whole report as JSON")
    into.add_argument("--faq", type=Path, metavar="FILE.csv", help="write fixed answers for `ingest --kind faq`")
    into.set_defaults(run=_lazy("rasa", "import_project"))


def _auditing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    audit = commands.add_parser("audit", help="check the record of accesses to personal data")
    actions = audit.add_subparsers(required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="check its hash chain; exit 1 and the first bad entry if it was altered")
    verify.set_defaults(run=_lazy("auditing", "verify"))


def _speaking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    transcribe = commands.add_parser("transcribe", help="print what is said in a sound file")
    transcribe.add_argument("audio", type=Path, metavar="AUDIO")
    transcribe.add_argument("--lang", metavar="CODE", help="BCP-47; default: the language heard")
    transcribe.set_defaults(run=_lazy("speaking", "transcribe"))
    say = commands.add_parser("say", help="speak a text into a WAV file")
    say.add_argument("text")
    say.add_argument("--lang", required=True, metavar="CODE", help="BCP-47")
    say.add_argument("--out", required=True, type=Path, metavar="FILE.wav")
    say.add_argument("--phone", action="store_true", help="8 kHz, as telephones take it")
    say.set_defaults(run=_lazy("speaking", "say"))


def _evaluate(chosen: argparse.Namespace) -> int:
    return _hand_over("eval.command", chosen)


def _evaluate_decisions(chosen: argparse.Namespace) -> int:
    return _hand_over("eval.decisions", chosen)


def _hand_over(module: str, chosen: argparse.Namespace) -> int:
    # eval stands above assistant: the command only hands over to it.
    from importlib import import_module

    run: Command = import_module(module).run
    return run(chosen)


def _lazy(module: str, function: str) -> Command:
    """The command, imported when it runs: `madoguchi --help` must not load models."""

    def run(chosen: argparse.Namespace) -> int:
        from importlib import import_module

        command: Command = getattr(import_module(f"assistant.commands.{module}"), function)
        return command(chosen)

    return run
