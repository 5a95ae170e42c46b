"""What the programs speak by TLS: nothing that a key lost later would open."""

from __future__ import annotations

import ssl

from samsyn.webkit.serving import CIPHERS


def test_every_cipher_keeps_what_was_said_before_secret_and_whole() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(CIPHERS)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    offered = [cipher["name"] for cipher in context.get_ciphers()]
    assert len(offered) > 4
    for name in offered:
        assert name.startswith(("ECDHE-", "TLS_")), name
        assert "GCM" in name or "CHACHA20" in name, name
