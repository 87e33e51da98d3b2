"""Ids that the simulator knows, in the place of random ones: without them every call is a 404."""

import functools
import json
import os
from pathlib import Path

import requests
import schemathesis

BASE = os.environ["PROLIFIC_URL"] + "/api/v1/"
TOKEN = {"Authorization": "Token " + os.environ["PROLIFIC_TOKEN"]}

# The tester writes a list that is missing with all that it finds, and asks for no reasons.
ACCEPTED = json.loads(Path(__file__).with_name("accepted.json").read_text(encoding="utf-8"))
for entry in ACCEPTED["entries"]:
    assert entry.get("reason"), f"accepted.json gives no reason: {entry}"


def call(method, path, body=None, status=(200, 201, 202, 204)):
    answer = requests.request(method, BASE + path, json=body, headers=TOKEN, timeout=10)
    assert answer.status_code in status, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def post(path, body=None):
    return call("POST", path, body)


DETAILS = {"task_name": "Birds", "task_introduction": "Look.", "task_steps": "Answer."}
SELECT = {"filter_id": "sex", "selected_values": ["0"]}


@functools.cache
def workspace():
    return call("GET", "workspaces/")["results"][0]["id"]


@functools.cache
def project():
    return call("GET", f"workspaces/{workspace()}/projects/")["results"][0]["id"]


@functools.cache
def known_study():
    return study()


def study(**members):
    body = {
        "name": "Birds",
        "description": "About birds.",
        "project": project(),
        "prolific_id_option": "not_required",
        "external_study_url": "https://example.com",
        "estimated_completion_time": 5,
        "reward": 1,
    }
    return post("studies/", body | members)["id"]


@functools.cache
def test_participant():
    return post("researchers/participants/", {"email": "t@example.com"})["participant_id"]


def taskflow():
    test_participant()
    detail = {"external_url": "https://example.com", "total_allocation": 1}
    return study(access_details=[detail])


def study_with_credentials():
    return study(credential_pool_id=credential_pool())


@functools.cache
def known_group():
    return group()


def group():
    return post("participant-groups/", {"name": "Birders", "workspace_id": workspace()})["id"]


@functools.cache
def known_filter_set():
    return filter_set()


def filter_set():
    return post("filter-sets/", {"name": "Birders", "workspace_id": workspace()})["id"]


@functools.cache
def known_credential_pool():
    return credential_pool()


def credential_pool():
    body = {"workspace_id": workspace(), "credentials": "a,1"}
    return post("credentials/", body)["credential_pool_id"]


def subscription():
    body = {
        "workspace_id": workspace(),
        "event_type": "study.status.change",
        "target_url": "https://example.com",
    }
    return post("hooks/subscriptions/", body)["id"]


def survey():
    return post("surveys/", {"researcher_id": "r1", "title": "Birds"})["_id"]


def response(survey_id):
    body = {"participant_id": "p1", "submission_id": "s1"}
    return post(f"surveys/{survey_id}/responses/", body)["_id"]


@functools.cache
def known_conversation():
    return conversation()


def conversation():
    body = {"recipient_id": test_participant(), "subject": "Birds", "topic": "other", "body": "Hello"}
    return post("conversations/", body)["id"]


def broadcast():
    return post("broadcasts/", {"study_id": study(), "subject": "Birds", "body": "Hello"})["id"]


@functools.cache
def known_dataset():
    return dataset()


def dataset():
    schema = {"strict": False, "fields": {"text": {"type": "text"}}}
    body = {"name": "Birds", "workspace_id": workspace(), "schema": schema}
    id = post("data-collection/datasets", body)["id"]
    headers = TOKEN | {"content-type": "application/x-ndjson"}
    path = f"{BASE}data-collection/datasets/{id}/datapoints"
    assert requests.post(path, data='{"text":"a"}', headers=headers, timeout=10).ok
    return id


def batch():
    body = {
        "name": "Birds",
        "workspace_id": workspace(),
        "dataset_id": dataset(),
        "task_details": DETAILS,
    }
    return post("data-collection/batches", body)["id"]


def ready_batch():
    id = batch()
    post(f"data-collection/batches/{id}/setup", {})
    while call("GET", f"data-collection/batches/{id}/status")["status"] != "READY":
        pass
    return id


def collection():
    item = {"type": "free_text", "description": "Which bird?", "order": 0}
    body = {
        "name": "Birds",
        "workspace_id": workspace(),
        "task_details": DETAILS,
        "collection_items": [{"page_items": [item]}],
    }
    return post("data-collection/collections", body)["id"]


def export(owner):
    id = post(f"{owner}/export")["export_id"]
    while call("GET", f"{owner}/export/{id}")["status"] != "complete":
        pass
    return id


@functools.cache
def known_parameters(path):
    return parameters(path)


def parameters(path):
    """Values of the parameters of a path: of things that are made for it."""
    one = lambda id, name="id": {name: id}
    if path.endswith("/access-details-progress/") or path.endswith("/test-study"):
        return one(taskflow())
    if path.endswith("/credentials/report/"):
        return one(study_with_credentials())
    if path.endswith("/sync"):
        return one(ready_batch(), "batch_id")
    if "/syncs/" in path:
        id = ready_batch()
        sync = post(f"data-collection/batches/{id}/sync")["sync_id"]
        return {"batch_id": id, "sync_id": sync}
    for kind, make in (("batch", batch), ("collection", collection)):
        if f"/{{{kind}_id}}" in path:
            id = make()
            found = one(id, f"{kind}_id")
            if "{export_id}" in path:
                plural = {"batch": "batches", "collection": "collections"}[kind]
                found["export_id"] = export(f"data-collection/{plural}/{id}")
            return found
    if "{response_id}" in path:
        id = survey()
        return {"survey_id": id, "response_id": response(id)}
    if "{study_id}" in path:
        return {"project_id": project(), "study_id": study()}
    if "/upload-url/" in path:
        found = {"filename": "a.csv"}
        return found | (one(dataset(), "dataset_id") if "{dataset_id}" in path else {})
    if "/filters/{id}/" in path:
        return one("sex")
    made = {
        "/studies/{id}": ("id", study),
        "/participant-groups/{id}": ("id", group),
        "/filter-sets/{id}": ("id", filter_set),
        "{filter_id}": ("filter_id", lambda: "sex"),
        "{workspace_id}": ("workspace_id", workspace),
        "{project_id}": ("project_id", project),
        "{survey_id}": ("survey_id", survey),
        "{subscription_id}": ("subscription_id", subscription),
        "{credential_pool_id}": ("credential_pool_id", credential_pool),
        "{conversation_id}": ("conversation_id", conversation),
        "{broadcast_id}": ("broadcast_id", broadcast),
        "{dataset_id}": ("dataset_id", dataset),
    }
    for part, (name, make) in made.items():
        if part in path:
            return one(make(), name)
    return {}


# What fields of requests refer to, wherever they are.
REFERENCES = {
    "workspace_id": workspace,
    "association": workspace,
    "study": known_study,
    "study_id": known_study,
    "project": project,
    "filter_set_id": known_filter_set,
    "credential_pool_id": known_credential_pool,
    "participant_group_id": known_group,
    "conversation_id": known_conversation,
    "recipient_id": test_participant,
    "dataset_id": known_dataset,
    # The catalogue of events and the form of addresses are no part of the document.
    "event_type": lambda: "study.status.change",
    "target_url": lambda: "https://example.com",
}


def is_negative(case):
    return case.meta is not None and case.meta.generation.mode.is_negative


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path_parameters:
        # What is deleted has to be made anew.
        make = parameters if case.method.upper() == "DELETE" else known_parameters
        known = make(case.operation.path)
        case.path_parameters.update(
            {name: value for name, value in known.items() if name in case.path_parameters}
        )
    if is_negative(case):
        return
    body = with_known_groups(within_64_bits(case.body))
    # The tester judges anew what kind of case it is once its body is set.
    if body != case.body:
        case.body = body
    for fields in (case.query, case.body):
        if not isinstance(fields, dict):
            continue
        for name, make in REFERENCES.items():
            if isinstance(fields.get(name), str):
                fields[name] = make()


def with_known_groups(value):
    """Groups that exist, however deep they are in a body."""
    if isinstance(value, dict):
        known = {name: with_known_groups(part) for name, part in value.items()}
        if isinstance(known.get("participant_group"), str):
            known["participant_group"] = known_group()
        return known
    if isinstance(value, list):
        return [with_known_groups(part) for part in value]
    return value


def within_64_bits(value):
    """Whole numbers beyond 64 bits are not interoperable (RFC 8259, section 6); the simulator refuses them."""
    if isinstance(value, dict):
        return {name: within_64_bits(part) for name, part in value.items()}
    if isinstance(value, list):
        return [within_64_bits(part) for part in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-(2**63), min(value, 2**63 - 1))
    return value


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
