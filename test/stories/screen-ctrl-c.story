# on the full screen: Ctrl-C refuses what is open, gives the terminal back and ends cleanly
start
call account_signTransaction '{}'
shows 'SIGN?'
press '\x03'
reply 'request denied'
screen '\x1b[?1049h'
screen '\x1b[?25h\x1b[?1049l'
screen 'Shutting down'
exit 0
