"""The threads that deliver webhooks, in each process that serves; a lease in the database says whose turn it is."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, connection

from samsyn.core.errors import SamsynError
from samsyn.lanes.pool import Pool
from samsyn.online.companies.models import Company, new_id
from samsyn.online.errors import UnknownWebhook
from samsyn.online.webhooks import hooks
from samsyn.online.webhooks.delivering import Lease, deliver
from samsyn.online.webhooks.sending import cut_all, post
from samsyn.records.tenant import Tenant
from samsyn.records.wakeup import forget_writes, listen_to_writes

LOOK_S = 3.0
"""How soon retries and what other processes wrote are found, in companies known to have hooks."""
FIND_S = 300.0
"""How soon a hook that another process made is found."""
THREADS = 4
"""A receiver that takes long holds one of them, and the hook's own events, alone."""
STOP_S = 8.0
log = logging.getLogger("samsyn.webhooks")


class Deliverer:
    """Looks after the companies that have hooks, at once where something was written."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._guard = threading.Lock()
        self._fresh: set[str] = set()
        self._known: set[str] = set()
        self._busy: set[tuple[str, str]] = set()
        self._again: set[tuple[str, str]] = set()
        """Hooks of which there was news while they were in work."""
        self._look_at = 0.0
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._pool: Pool | None = None
        self.lease = Lease(new_id())

    def start(self) -> None:
        """Begin."""
        self._stopping = False
        self._pool = Pool(THREADS, "webhooks", THREADS, farewell=lambda: connection.close())
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        listen_to_writes(self._written)
        self._thread.start()

    def stop(self) -> None:
        """End; what is on its way is sent again by whoever delivers next."""
        if self._thread is None or self._pool is None:
            return
        forget_writes(self._written)
        self._stopping = True
        self._news.set()
        cut_all()
        self._thread.join(timeout=STOP_S)
        self._pool.close()
        try:
            self.lease.give_back()
        except (DatabaseError, SamsynError) as error:
            log.warning("Webhooks cannot be handed over: %s", error)
        finally:
            connection.close()
        self._thread = self._pool = None

    def news(self, company: str) -> None:
        """A hook of the company was made or changed, or has something to send."""
        with self._guard:
            self._known.add(company)
            self._fresh.add(company)
        self._news.set()

    def _written(self, company: str) -> None:
        """Something was committed; called from any thread, so it does next to nothing."""
        if company in self._known:
            self.news(company)

    def _run(self) -> None:
        find_at = 0.0
        try:
            while not self._stopping:
                self._news.clear()
                try:
                    if time.monotonic() >= find_at:
                        self._find()
                        find_at = time.monotonic() + FIND_S
                    self._look()
                except (DatabaseError, SamsynError) as error:
                    log.warning("Webhooks cannot be read: %s", error)
                    connection.close()
                self._news.wait(LOOK_S)
        finally:
            connection.close()

    def _find(self) -> None:
        """The companies that have hooks; each is asked for itself, for none sees another."""
        for company in Company.objects.order_by("pk").values_list("pk", flat=True).iterator():
            if self._stopping:
                return
            if hooks.some_on(Tenant(company)):
                self._known.add(company)

    def _look(self) -> None:
        """Hand over what may have something to send."""
        with self._guard:
            wanted, self._fresh = self._fresh, set()
            if time.monotonic() >= self._look_at:
                wanted |= self._known
                self._look_at = time.monotonic() + LOOK_S
        for company in wanted:
            on = [one.id for one in hooks.hooks(Tenant(company)) if one.state == hooks.ON]
            if not on:
                self._known.discard(company)
            for hook_id in on:
                self._hand_over(company, hook_id)

    def _hand_over(self, company: str, hook_id: str) -> None:
        with self._guard:
            if self._pool is None or self._stopping:
                return
            if (company, hook_id) in self._busy:
                self._again.add((company, hook_id))
                return
            self._busy.add((company, hook_id))
        self._pool.submit(lambda: self._deliver(company, hook_id))

    def _deliver(self, company: str, hook_id: str) -> None:
        more = False
        try:
            if not self._stopping:
                more = deliver(Tenant(company), hook_id, self.lease, post)
        except UnknownWebhook:
            log.debug("Webhook %s of %s was removed meanwhile", hook_id, company)
        except (DatabaseError, SamsynError) as error:
            log.warning("Webhook %s of %s: %s", hook_id, company, error)
        except Exception:
            log.exception("Webhook %s of %s", hook_id, company)
        finally:
            connection.close_if_unusable_or_obsolete()
            with self._guard:
                self._busy.discard((company, hook_id))
                more = more or (company, hook_id) in self._again
                self._again.discard((company, hook_id))
        if more:
            self.news(company)


deliverer = Deliverer()
"""The one of this process."""
