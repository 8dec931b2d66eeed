# on the full screen: a password typed into the wrong place is not shown and answers nothing
start
call account_signTransaction '{}'
shows 'READY'
press 'passwo'
wait 100
press a
wait 400
shows 'READY'
press a
shows 'Password of'
wait 400
type password-0123456789
reply '"result"'
never 'password-0'
