"""What is kept of connecting: where the service is, and a question that waits for its answer."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.models import User


class ServiceAddress(models.Model):
    """The address of Samsyn Online that this installation uses. One row."""

    url = models.CharField(max_length=300)

    class Meta:
        db_table = "service_address"


class Attempt(models.Model):
    """A wizard that is under way for a company database: one at a time, for whoever goes on with it.

    The secret is good for two hours after the approval, and once; then the row goes.
    """

    company = models.OneToOneField(CompanyDatabase, models.CASCADE, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    online = models.CharField(max_length=300)
    renews = models.BooleanField(default=False)
    code = models.CharField(max_length=20)
    secret = models.CharField(max_length=64)
    asked = models.DateTimeField(default=timezone.now)
    lapses = models.DateTimeField()
    answer = models.CharField(max_length=8, default="waiting")
    """waiting, approved, refused or lapsed."""
    online_name = models.CharField(max_length=200, blank=True)
    """The company online that was chosen."""
    email = models.CharField(max_length=254, blank=True)
    """The Samsyn ID that approved it."""

    class Meta:
        db_table = "connect_attempt"
