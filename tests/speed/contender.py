"""The jobs of the benchmark by requests and by httpx, as their documentation would have one write them."""

import asyncio
import concurrent.futures
import json
import sys
import time

AT_ONCE = 64
PAGE = 200
ID = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d"
HEADERS = {"Authorization": "Token 0123456789"}
CHUNK = 64 << 10


def waited_for(run, number):
    return f"{run:08x}-0000-7000-8000-{number:012x}"


def rows_of(get, url):
    rows = []
    while True:
        page = get(f"{url}/studies/s1/submissions/?limit={PAGE}&offset={len(rows)}").json()
        rows += page["results"]
        if len(rows) >= page["meta"]["count"]:
            return rows


def with_requests(job, size, url, source, target):
    import requests
    from requests.adapters import HTTPAdapter

    session = requests.Session()
    session.headers.update(HEADERS)
    session.mount("http://", HTTPAdapter(pool_connections=AT_ONCE, pool_maxsize=AT_ONCE))

    def get(address):
        response = session.get(address, timeout=600)
        response.raise_for_status()
        return response

    def is_ready(id):
        return get(f"{url}/data-collection/datasets/{id}/status").json()["status"] == "READY"

    def wait(id):
        while not is_ready(id):
            time.sleep(0.001)
        return True

    if job == "status":
        assert all(is_ready(ID) for _ in range(size))
    elif job == "list":
        for _ in range(size):
            assert len(rows_of(get, url)) == 10_000
    elif job in ("many", "wait"):
        ids = [ID] * size if job == "many" else [waited_for(4, number) for number in range(size)]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            assert all(pool.map(wait if job == "wait" else is_ready, ids))
    elif job == "upload":
        link = get(f"{url}/data-collection/datasets/{ID}/upload-url/a.csv").json()
        with open(source, "rb") as file:
            headers = {"Content-Type": "text/csv"}
            requests.put(link["upload_url"], data=file, headers=headers).raise_for_status()
    elif job == "download":
        link = get(f"{url}/data-collection/batches/{ID}/report/").json()
        with requests.get(link["url"], stream=True) as response, open(target, "wb") as file:
            response.raise_for_status()
            for chunk in response.iter_content(CHUNK):
                file.write(chunk)


def with_httpx(job, size, url, source, target):
    import httpx

    if job in ("many", "wait"):
        asyncio.run(with_async_httpx(job, size, url))
        return
    with httpx.Client(headers=HEADERS, timeout=600) as client:

        def get(address):
            return client.get(address).raise_for_status()

        if job == "status":
            for _ in range(size):
                answer = get(f"{url}/data-collection/datasets/{ID}/status").json()
                assert answer["status"] == "READY"
        elif job == "list":
            for _ in range(size):
                assert len(rows_of(get, url)) == 10_000
        elif job == "upload":
            link = get(f"{url}/data-collection/datasets/{ID}/upload-url/a.csv").json()
            with open(source, "rb") as file:
                headers = {"Content-Type": "text/csv"}
                httpx.put(link["upload_url"], content=file, headers=headers, timeout=600).raise_for_status()
        elif job == "download":
            link = get(f"{url}/data-collection/batches/{ID}/report/").json()
            with httpx.stream("GET", link["url"], timeout=600) as response, open(target, "wb") as file:
                response.raise_for_status()
                for chunk in response.iter_bytes(CHUNK):
                    file.write(chunk)


async def with_async_httpx(job, size, url):
    import httpx

    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    turns = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(headers=HEADERS, timeout=600, limits=limits) as client:

        async def is_ready(id):
            response = await client.get(f"{url}/data-collection/datasets/{id}/status")
            return response.raise_for_status().json()["status"] == "READY"

        async def one(id):
            async with turns:
                while not await is_ready(id):
                    await asyncio.sleep(0.001)

        ids = [ID] * size if job == "many" else [waited_for(5, number) for number in range(size)]
        await asyncio.gather(*map(one, ids))


def peak():
    """The most memory of this process, in kB. getrusage would count that of the process it was forked from."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main():
    contender, job, size, url, source, target = sys.argv[1:]
    work = {"requests": with_requests, "httpx": with_httpx}[contender]
    # What importing takes is no part of the job.
    __import__(contender)
    started, cpu = time.perf_counter(), time.process_time()
    work(job, int(size), f"{url}/api/v1", source, target)
    taken = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "peak": peak(),
    }
    print(json.dumps(taken))


main()
