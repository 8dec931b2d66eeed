# on the full screen: a text that begins with a q is no answer, and a key held down is none either
start
cleft unlock 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 for 10m uses 2 by loopback:http < password-0123456789
call account_signTransaction '{}'
shows 'READY'
wait 400
press q
wait 120
press u
wait 120
press a
wait 120
press a
shows 'Not yet: a key was pressed just now'
shows 'READY'
press a
reply '"result"'
