"""Sends the mail at standard input with Python's smtplib.

PORT [CA]: with the file of an authority, STARTTLS first.
"""
import smtplib
import ssl
import sys

with smtplib.SMTP('localhost', int(sys.argv[1]), timeout=30) as server:
    if len(sys.argv) > 2:
        server.starttls(context=ssl.create_default_context(cafile=sys.argv[2]))
    server.sendmail('me@example.org', ['you@example.org', 'her@example.org'], sys.stdin.buffer.read())
