"""Registers and coils with pymodbus; prints what is read, and the exceptions."""
import sys

from pymodbus.client import ModbusTcpClient

client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
client.connect()
client.write_registers(10, [1, 2, 65535], slave=1)
print(client.read_holding_registers(9, 5, slave=1).registers)
client.write_register(3, 513, slave=1)
print(client.read_holding_registers(3, 1, slave=1).registers)
client.write_coils(5, [True, False, True, True, False, False, False, False, True], slave=1)
print([int(bit) for bit in client.read_coils(4, 12, slave=1).bits])
client.write_coil(4, True, slave=1)
print([int(bit) for bit in client.read_coils(4, 1, slave=1).bits])
print(client.read_holding_registers(65530, 10, slave=1).exception_code, client.read_input_registers(0, 1, slave=1).exception_code)
client.close()
