# Ctrl-C refuses what is open and ends cleanly
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
press '\x03'
reply 'request denied'
screen 'Shutting down'
exit 0
