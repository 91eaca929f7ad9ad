"""May this peer send mail for the reverse-path's domain? SPF (RFC 7208), evaluated by pyspf.

pyspf counts ten mechanisms and two void lookups (4.6.4); its questions go through our resolver by
overriding the one method that asks. Ours on top: a total number of questions (ten MX mechanisms
of ten hosts each would be a hundred), and a length beyond which a term is no term, since one of
pyspf's patterns is quadratic.
"""

from typing import Any

import spf

from gateway.authentication.resolver import Questions, RecordType, Unanswered
from gateway.authentication.results import Result
from gateway.mail.envelope import Envelope

_QUESTIONS = 60
_VOID = 2
_TERM = 512

_RESULTS = {
    "pass": Result.PASS,
    "fail": Result.FAIL,
    "softfail": Result.FAIL,
    "temperror": Result.TEMPERROR,
    "permerror": Result.PERMERROR,
}


class _Query(spf.query):  # type: ignore[misc]
    """pyspf's evaluation, asking us."""

    questions: Questions
    asked = 0

    def dns(
        self, name: str, qtype: str, cnames: object = None, *, ignore_void: bool = False
    ) -> list[Any]:
        """Answer one question of pyspf's, in the forms it expects."""
        self.asked += 1
        if self.asked > _QUESTIONS:
            raise spf.PermError("Too many questions")
        try:
            records = self.questions.ask(str(name), RecordType(qtype))
        except Unanswered as error:
            raise spf.TempError(str(error)) from error
        if not records and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > _VOID:
                raise spf.PermError("Void lookup limit exceeded")
        return [_as_pyspf_has_it(record, qtype) for record in records]


def _as_pyspf_has_it(record: str, qtype: str) -> Any:
    if qtype == "MX":
        return (0, record)
    if qtype != "TXT":
        return record
    if any(len(term) > _TERM for term in record.split(" ")):
        raise spf.PermError("A term is too long")
    return [record.encode("latin-1")]


def authorized(envelope: Envelope, questions: Questions) -> Result:
    """Return what the reverse-path's domain says of the peer (a null one says nothing)."""
    if not envelope.reverse_path or not envelope.peer:
        return Result.NONE
    try:
        query = _Query(envelope.peer, envelope.reverse_path, envelope.helo or "unknown")
        query.questions = questions
        result, _, _ = query.check()
    except Exception:  # noqa: BLE001  whatever a strange record makes pyspf raise
        return Result.PERMERROR
    return _RESULTS.get(result, Result.NONE)
