;;! x86_64 clif faults
;;! x86_64 clif checks

(module
  (type $f (func (param i32) (result i32)))
  (func $call (param (ref null $f)) (result i32)
    (call_ref $f (i32.const 1) (local.get 0)))
  (func $call_non_null (param (ref $f)) (result i32)
    (call_ref $f (i32.const 1) (local.get 0)))
  (func $branch (param (ref null $f)) (result i32)
    (block $null
      (return (call_ref $f (i32.const 2) (br_on_null $null (local.get 0)))))
    (i32.const 3))
  (func $as_non_null (param (ref null $f)) (result (ref $f))
    (ref.as_non_null (local.get 0))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i64) -> i32 tail {
;;     region0 = 0 "store"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @002f                               v2 = iconst.i32 1
;; @0033                               v3 = load.i64 user14 aligned v1
;; @0033                               v4 = load.i64 notrap aligned v1+8
;; @0033                               store notrap aligned region0 v0, v5+16
;; @0033                               v6 = call_indirect sig0, v3(v4, v2)  ; v2 = 1
;; @0035                               return v6
;; }
;; function u0:1(i64 vmctx, i64) -> i32 tail {
;;     region0 = 0 "store"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @0038                               v2 = iconst.i32 1
;; @003c                               v3 = load.i64 notrap aligned v1
;; @003c                               v4 = load.i64 notrap aligned v1+8
;; @003c                               store notrap aligned region0 v0, v5+16
;; @003c                               v6 = call_indirect sig0, v3(v4, v2)  ; v2 = 1
;; @003e                               return v6
;; }
;; function u0:2(i64 vmctx, i64) -> i32 tail {
;;     region0 = 0 "store"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @0043                               v2 = iconst.i32 2
;; @0047                               brif v1, block2, block1
;;
;;                                 block2:
;; @0049                               v3 = load.i64 notrap aligned v1
;; @0049                               v4 = load.i64 notrap aligned v1+8
;; @0049                               store.i64 notrap aligned region0 v0, v5+16
;; @0049                               v6 = call_indirect sig0, v3(v4, v2)  ; v2 = 2
;; @004b                               return v6
;;
;;                                 block1:
;; @004d                               v7 = iconst.i32 3
;; @004f                               return v7  ; v7 = 3
;; }
;; function u0:3(i64 vmctx, i64) -> i64 tail {
;;                                 block0(v0: i64, v1: i64):
;; @0054                               trapz v1, user14
;; @0055                               return v1
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i64) -> i32 tail {
;;     region0 = 0 "store"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @002f                               v2 = iconst.i32 1
;; @0033                               trapz v1, user14
;; @0033                               v3 = load.i64 notrap aligned v1
;; @0033                               v4 = load.i64 notrap aligned v1+8
;; @0033                               store notrap aligned region0 v0, v5+16
;; @0033                               v6 = call_indirect sig0, v3(v4, v2)  ; v2 = 1
;; @0035                               return v6
;; }
;; function u0:1(i64 vmctx, i64) -> i32 tail {
;;     region0 = 0 "store"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @0038                               v2 = iconst.i32 1
;; @003c                               v3 = load.i64 notrap aligned v1
;; @003c                               v4 = load.i64 notrap aligned v1+8
;; @003c                               store notrap aligned region0 v0, v5+16
;; @003c                               v6 = call_indirect sig0, v3(v4, v2)  ; v2 = 1
;; @003e                               return v6
;; }
;; function u0:2(i64 vmctx, i64) -> i32 tail {
;;     region0 = 0 "store"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @0043                               v2 = iconst.i32 2
;; @0047                               brif v1, block2, block1
;;
;;                                 block2:
;; @0049                               v3 = load.i64 notrap aligned v1
;; @0049                               v4 = load.i64 notrap aligned v1+8
;; @0049                               store.i64 notrap aligned region0 v0, v5+16
;; @0049                               v6 = call_indirect sig0, v3(v4, v2)  ; v2 = 2
;; @004b                               return v6
;;
;;                                 block1:
;; @004d                               v7 = iconst.i32 3
;; @004f                               return v7  ; v7 = 3
;; }
;; function u0:3(i64 vmctx, i64) -> i64 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64):
;; @0054                               trapz v1, user14
;; @0055                               return v1
;; }
