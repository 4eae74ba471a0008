"""A terminal for a program: its screen is the output, its keyboard the input, at the end of which the terminal is closed.

With INTERRUPT_AFTER in the environment, Ctrl+C is pressed once that text was shown, at the worst time: the answer to a
question for the cursor comes with it. The output then has <Ctrl+C>.
"""
import os
import pty
import select
import sys
import termios

WHERE_IS_THE_CURSOR = b'\x1b[6n'
TOP_LEFT = b'\x1b[1;1R'
CTRL_C = b'\x03'

interrupt_after = os.environb.pop(b'INTERRUPT_AFTER', b'')
seen = b''
answered = 0
program, terminal = pty.fork()
if program == 0:
    # PowerShell draws no progress on a terminal without a size. It is set here, since the program may set another.
    termios.tcsetwinsize(sys.stdin.fileno(), (24, 80))
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
        seen += shown
        while (question := seen.find(WHERE_IS_THE_CURSOR, answered)) >= 0:
            answered = question + len(WHERE_IS_THE_CURSOR)
            is_due = interrupt_after and interrupt_after in seen[:question]
            os.write(terminal, TOP_LEFT + CTRL_C if is_due else TOP_LEFT)
            if is_due:
                interrupt_after = b''
                os.write(sys.stdout.fileno(), b'<Ctrl+C>')
os.close(terminal)
code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
