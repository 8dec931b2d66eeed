# on the full screen: SIGTERM while a password is typed refuses, gives the terminal back and ends cleanly
start
call account_signTransaction '{}'
shows 'READY'
press a
shows 'Password of'
wait 400
press 'password-0123456789'
signal SIGTERM
reply 'request denied'
screen '\x1b[?25h\x1b[?1049l'
exit 0
never 'password-0'
