"""HTTP, server-sent events and WebSockets (RFC 6455) with the standard library alone."""

import base64
import http.client
import json
import os
import socket
import struct
from urllib.parse import urlparse


class Http:
    """Keeps one connection and the cookies of its session."""

    def __init__(self, url, headers=None):
        parts = urlparse(url)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self._headers = dict(headers or {})
        self.cookies = {}

    def send(self, method, path, body=None, headers=None):
        sent = {**self._headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent["Content-Type"] = "application/json"
        self._connection.request(method, path, None if body is None else json.dumps(body), sent)
        response = self._connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return response.status, response.read().decode()

    def json(self, method, path, body=None, headers=None):
        status, text = self.send(method, path, body, headers)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {text}")
        return json.loads(text)

    def events(self, path, body=None, headers=None):
        status, text = self.send("POST", path, body, headers)
        if status != 200:
            raise RuntimeError(f"POST {path}: {status} {text}")
        events = []
        for block in text.split("\n\n"):
            name, data = None, []
            for line in block.split("\n"):
                if line.startswith("event:"):
                    name = line[len("event:") :].strip()
                elif line.startswith("data:"):
                    data.append(line[len("data:") :].lstrip())
            if name is not None:
                events.append((name, "\n".join(data)))
        return events


class WebSocket:
    """Text messages; each frame of a client is masked."""

    def __init__(self, url, path):
        parts = urlparse(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            (
                f"GET {path} HTTP/1.1\r\nHost: {parts.hostname}:{parts.port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        self._input = self._socket.makefile("rb")
        status = self._input.readline()
        if b" 101 " not in status:
            raise RuntimeError(f"no WebSocket: {status!r}")
        while self._input.readline() not in (b"\r\n", b""):
            pass

    def send_text(self, text):
        data = text.encode()
        mask = os.urandom(4)
        size = len(data)
        head = bytes([0x81])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        masked = (int.from_bytes(data, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")).to_bytes(size, "big")
        self._socket.sendall(head + mask + masked)

    def receive_text(self):
        text = b""
        while True:
            first, second = self._input.read(2)
            size = second & 0x7F
            if size == 126:
                size = struct.unpack(">H", self._input.read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._input.read(8))[0]
            data = self._input.read(size)
            kind = first & 0x0F
            if kind == 8:
                return None
            if kind in (0, 1):
                text += data
                if first & 0x80:
                    return text.decode()

    def ask(self, message):
        self.send_text(json.dumps(message))
        return json.loads(self.receive_text())

    def close(self):
        self._socket.close()
