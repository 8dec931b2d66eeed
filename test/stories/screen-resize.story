# on the full screen: another size breaks the lines anew and changes nothing of the question
start
call account_signTransaction '{}'
shows 'READY'
resize 40 12
shows 'lines 1-8 of'
shows 'READY'
shows 'SIGN?         Send'
resize 20 5
shows 'Needs 24 x 8'
press a
wait 400
hides 'Password'
resize 100 30
shows 'READY   press a to approve, r to reject'
hides 'more below'
press a
shows 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
wait 400
type password-0123456789
reply '"result"'
