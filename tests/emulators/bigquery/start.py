"""Starts bqemulator with our repairs; takes its arguments: `start.py start --rest-port 9050 --grpc-port 9060 …`."""

import repairs
from bqemulator.cli import main

repairs.apply_all()
main()
