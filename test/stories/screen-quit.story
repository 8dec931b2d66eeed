# on the full screen: q refuses what is open and ends cleanly
start
call account_signTransaction '{}'
shows 'SIGN?'
wait 400
press q
reply 'request denied'
screen '\x1b[?1049l'
screen 'Shutting down'
exit 0
