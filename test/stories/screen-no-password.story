# on the full screen: Escape takes back what was typed, then it is a no
start
call account_signTransaction '{}'
shows 'READY'
press a
shows 'Password of'
wait 400
press 'password-0'
wait 300
press '\x1b'
wait 300
shows 'Password of'
press '\x1b'
reply 'request denied'
shows 'no password was given'
