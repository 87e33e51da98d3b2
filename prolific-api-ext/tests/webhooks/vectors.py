#!/usr/bin/env python3
"""Writes vectors.json: deliveries as Python's own HMAC signs them, and what is wrong with others.

    python3 prolific-api-ext/tests/webhooks/vectors.py > prolific-api-ext/tests/webhooks/vectors.json
"""
import base64
import hashlib
import hmac
import json

TIME = "1767225600"
SECRET = "the secret of the tests: ключ/+="
BODY = '{"event_type":"study.status.change","resource_id":"s1","status":"ACTIVE","metadata":{}}'


def sign(secret, time, body):
    mac = hmac.new(secret.encode(), time.encode() + body.encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def whole(body):
    """A body that is long is told as what comes before, what is repeated how often, and after."""
    if isinstance(body, str):
        return body
    before, unit, times, after = body
    return before + unit * times + after


def vector(name, verdict, *, secret=SECRET, time=TIME, body=BODY, signature=None, headers=None):
    signature = sign(secret, time, whole(body)) if signature is None else signature
    if headers is None:
        headers = [["X-Prolific-Request-Timestamp", time],
                   ["X-Prolific-Request-Signature", signature]]
    return {"name": name, "verdict": verdict, "secret": SECRET, "headers": headers, "body": body}


def vectors():
    good = sign(SECRET, TIME, BODY)
    timestamp = ["X-Prolific-Request-Timestamp", TIME]
    signature = ["X-Prolific-Request-Signature", good]
    event_id = ["X-Event-ID", "0199c5a4-7b5e-7c3a-9b1f-000000000001"]
    rewritten = json.dumps(json.loads(BODY))
    assert rewritten != BODY
    yield vector("as sent", "genuine")
    yield vector("with an id and a time", "genuine",
                 headers=[timestamp, signature, event_id, ["X-Timestamp", TIME]])
    yield vector("names in lower case", "genuine",
                 headers=[[name.lower(), value] for name, value in (timestamp, signature)])
    yield vector("unicode", "genuine", body='{"event_type":"study.ütf","resource_id":"日本 🐦"}')
    yield vector("escaped unicode", "genuine", body='{"event_type":"\\u00fctf \\ud83d\\udc26"}')
    yield vector("half a surrogate pair", "genuine", body='{"event_type":"\\ud83d"}')
    yield vector("an empty object", "genuine", body="{}")
    yield vector("1 MB", "genuine", body=['{"text":"', "a", 1_000_000, '"}'])
    yield vector("blanks that were signed", "genuine", body=rewritten + "\n")
    yield vector("a time that is no number", "genuine", time="2026-01-01T00:00:00Z")
    yield vector("wrong secret", "wrong signature", secret="another secret of the tests")
    yield vector("the secret decoded", "wrong signature", secret="the secret of the tests: ключ")
    yield vector("changed body", "wrong signature", body=BODY.replace("ACTIVE", "PAUSED"),
                 signature=good)
    yield vector("changed time", "wrong signature", time="1767225601", signature=good)
    yield vector("written again", "wrong signature", body=rewritten, signature=good)
    yield vector("a line break more", "wrong signature", body=BODY + "\n", signature=good)
    yield vector("the time moved into the body", "wrong signature", time=TIME[:-1],
                 body=TIME[-1] + BODY.replace("a", "b"), signature=good)
    yield vector("hex", "malformed x-prolific-request-signature",
                 signature=hmac.new(SECRET.encode(), (TIME + BODY).encode(), "sha256").hexdigest())
    yield vector("no padding", "malformed x-prolific-request-signature", signature=good.rstrip("="))
    yield vector("base64 for URLs", "malformed x-prolific-request-signature",
                 signature=("-_" + good[2:]))
    yield vector("blank before", "malformed x-prolific-request-signature", signature="\t " + good + "=")
    yield vector("stray bits", "malformed x-prolific-request-signature",
                 signature=good[:-2] + chr(ord(good[-2]) + 1) + "=")
    yield vector("cut short", "malformed x-prolific-request-signature",
                 signature=base64.b64encode(base64.b64decode(good)[:31]).decode())
    yield vector("empty signature", "malformed x-prolific-request-signature", signature="")
    yield vector("no signature", "missing x-prolific-request-signature", headers=[timestamp])
    yield vector("no time", "missing x-prolific-request-timestamp", headers=[signature])
    yield vector("two signatures", "repeated x-prolific-request-signature",
                 headers=[timestamp, signature, signature])
    yield vector("two times", "repeated x-prolific-request-timestamp",
                 headers=[timestamp, ["X-Prolific-Request-Timestamp", "0"], signature])
    yield vector("two ids", "repeated x-event-id",
                 headers=[timestamp, signature, event_id, event_id])
    yield vector("an id that leads elsewhere", "malformed x-event-id",
                 headers=[timestamp, signature, ["X-Event-ID", "../a"]])
    yield vector("empty body", "unreadable body", body="")
    yield vector("no JSON", "unreadable body", body="event_type=study")
    yield vector("a list", "unreadable body", body="[]")
    yield vector("nested without end", "unreadable body", body=["", '{"a":', 100_000, ""])


print(json.dumps(list(vectors()), indent=1, ensure_ascii=False))
