# on the full screen: q asks first, and a y refuses what is open and ends cleanly
start
call account_signTransaction '{}'
shows 'SIGN?'
wait 400
press q
shows 'y ENDS the signer and refuses the question'
wait 400
press x
shows 'READY'
wait 400
press q
shows 'y ENDS'
wait 1100
press y
reply 'request denied'
screen '\x1b[?1049l'
screen 'Shutting down'
exit 0
