# on the full screen: a person decides who may know the accounts
start
call account_list
shows 'LIST?         Tell the caller your 2 accounts'
shows '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
shows 'READY'
press a
reply '["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266","0x70997970c51812dc3a010c7d01b50e0d17dc79c8"]'
shows 'Said yes    Tell the caller your 2 accounts'
ledger 'listing account_list'
