"""The two sides of TLS with Python's ssl, and of SMTP with STARTTLS, for the tests of TLS.

client|server|injection|smtp PORT FOLDER; the folder has ca.pem, server.pem, server.key, client.pem and client.key.
"""
import smtplib
import socket
import ssl
import sys

side, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def client_context(protocols=()):
    context = ssl.create_default_context(cafile=folder + '/ca.pem')
    context.load_cert_chain(folder + '/client.pem', folder + '/client.key')
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def client():
    with socket.create_connection(('localhost', port), timeout=30) as plain:
        with client_context(('imap',)).wrap_socket(plain, server_hostname='localhost') as tls:
            print(tls.version(), tls.selected_alpn_protocol())
            tls.sendall('hello ä\n'.encode() * 10000 + b'bye\n')
            received = b''
            while chunk := tls.recv(65536):
                received += chunk
            print(received.count(b'\n'), received.splitlines()[-1].decode())


def server():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder + '/ca.pem')
    context.load_cert_chain(folder + '/server.pem', folder + '/server.key')
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(['imap'])
    with socket.create_server(('127.0.0.1', 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        plain, _ = listener.accept()
        plain.settimeout(30)
        with context.wrap_socket(plain, server_side=True) as tls:
            subject = dict(part[0] for part in tls.getpeercert()['subject'])
            tls.sendall(f"{subject['commonName']} {tls.selected_alpn_protocol()}\r\n".encode())
            while chunk := tls.recv(65536):
                tls.sendall(chunk)


def injection():
    with socket.create_connection(('localhost', port), timeout=30) as plain:
        plain.recv(1000)
        plain.sendall(b'STARTTLS\r\nMAIL FROM:<injected@example.org>\r\n')
        print(plain.recv(1000).decode().strip())
        with client_context().wrap_socket(plain, server_hostname='localhost') as tls:
            tls.sendall(b'NOOP\r\n')
            print(tls.recv(1000).decode().strip())


def smtp():
    with smtplib.SMTP('localhost', port, timeout=30) as sender:
        sender.starttls(context=client_context())
        sender.sendmail('me@example.org', ['you@example.org'], 'Subject: tea\r\n\r\nAt five.\r\n..\r\n')
        print(sender.sock.version())


globals()[side]()
