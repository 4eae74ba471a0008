# socat as a relay, with a process for each connection; what it says of itself has the port in it.
exec socat -d -d TCP4-LISTEN:0,bind=127.0.0.1,backlog=512,nodelay,fork "TCP4:127.0.0.1:$TWISTEDPS_BENCH_TARGET,nodelay" \
    2> >(sed -nu 's/.* listening on .*:\([0-9]*\)$/PORT \1/p')
