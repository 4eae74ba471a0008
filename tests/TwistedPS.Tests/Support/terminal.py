"""A terminal for a program: its screen is the output, its keyboard the input, at the end of which the terminal is closed."""
import os
import pty
import select
import sys

WHERE_IS_THE_CURSOR = b'\x1b[6n'
TOP_LEFT = b'\x1b[1;1R'

program, terminal = pty.fork()
if program == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
keyboard = sys.stdin.fileno()
while True:
    ready, _, _ = select.select([keyboard, terminal], [], [])
    if keyboard in ready:
        typed = os.read(keyboard, 65536)
        if not typed:
            break
        os.write(terminal, typed)
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:
            break  # the program has ended
        os.write(sys.stdout.fileno(), shown)
        if WHERE_IS_THE_CURSOR in shown:
            os.write(terminal, TOP_LEFT)
os.close(terminal)
code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
