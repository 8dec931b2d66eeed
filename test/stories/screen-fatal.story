# on the full screen: what can't start never takes the screen
run --suppress-bootwarn --http --http.addr 10.0.0.1
screen 'expected --http.addr to be a loopback address'
exit 1
never '\x1b[?1049h'
