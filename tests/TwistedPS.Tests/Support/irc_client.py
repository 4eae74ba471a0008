"""Two people of python3-irc, who meet in a channel; prints what the second one sees."""
import sys

import irc.client

port = int(sys.argv[1])
reactor = irc.client.IRC()
seen = []


def note(connection, event):
    seen.append(f"{connection.get_nickname()} {event.type} {event.source and event.source.nick} {event.target} {' '.join(event.arguments)}".strip())


for name in ("join", "part", "pubmsg", "privmsg", "privnotice", "nick", "quit", "namreply", "nicknameinuse", "nosuchnick"):
    reactor.add_global_handler(name, note)


def until(text):
    while not any(text in line for line in seen):
        reactor.process_once(0.05)


def connect(nick):
    welcomed = []
    connection = reactor.server().connect("127.0.0.1", port, nick)
    connection.add_global_handler("welcome", lambda *_: welcomed.append(nick))
    while not welcomed:
        reactor.process_once(0.05)
    return connection


ann, bob = connect("ann"), connect("bob")
ann.join("#go")
until("ann namreply")
bob.join("#go")
until("bob namreply")
ann.privmsg("#go", "hello: all of you")
until("bob pubmsg")
bob.privmsg("ann", "only you")
until("ann privmsg")
bob.nick("ann")
until("bob nicknameinuse")
bob.nick("rob")
until("ann nick")
ann.privmsg("nobody", "x")
until("ann nosuchnick")
ann.part("#go")
until("rob part")
ann.join("#go")
until("rob join ann")
ann.quit()
until("rob quit")
print("\n".join(line for line in seen if line.startswith(("bob", "rob")) or " privmsg " in line or "nosuchnick" in line))
