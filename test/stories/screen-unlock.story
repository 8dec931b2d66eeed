# on the full screen: what is unlocked stands there while nobody asks, and a yes says that it signs
start
hides 'UNLOCKED'
cleft unlock 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 for 10m uses 2 by loopback:http < password-0123456789
shows 'UNLOCKED, no password is asked'
shows ', 2 signatures left'
call account_signTransaction '{}'
shows 'password      not asked: unlocked until '
shows 'READY   a signs AT ONCE, no password is asked; r rejects'
wait 400
press a
reply '"result"'
shows ', 1 signature left'
cleft lock
hides 'UNLOCKED'
