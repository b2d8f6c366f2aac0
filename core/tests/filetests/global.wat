;;! x86_64 clif faults

(module
  (import "" "i" (global $imported i32))
  (import "" "m" (global $imported_mutable (mut f64)))
  (global $constant i64 (i64.const -5))
  (global $derived i32 (global.get $imported))
  (global $mutable (mut i32) (i32.const 1))
  (func (result i32 f64 i64 i32 i32)
    (global.set $mutable (i32.const 2))
    (global.get $imported)
    (global.get $imported_mutable)
    (global.get $constant)
    (global.get $derived)
    (global.get $mutable))
  (func (param f64)
    (global.set $imported_mutable (local.get 0))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx) -> i32, f64, i64, i32, i32 tail {
;;     region0 = 805306371 "global"
;;     region1 = 805306368 "imported global"
;;
;;                                 block0(v0: i64):
;; @0042                               v1 = iconst.i32 2
;; @0044                               store notrap aligned region0 v1, v0+64  ; v1 = 2
;; @0046                               v2 = load.i64 notrap aligned readonly can_move v0+80
;; @0046                               v3 = load.i32 notrap aligned readonly can_move v2
;; @0048                               v4 = load.i64 notrap aligned readonly can_move v0+88
;; @0048                               v5 = load.f64 notrap aligned region1 v4
;; @004a                               v6 = iconst.i64 -5
;; @004c                               v7 = load.i32 notrap aligned readonly can_move v0+48
;; @004e                               v8 = load.i32 notrap aligned region0 v0+64
;; @0050                               return v3, v5, v6, v7, v8  ; v6 = -5
;; }
;; function u0:1(i64 vmctx, f64) tail {
;;     region0 = 805306368 "imported global"
;;
;;                                 block0(v0: i64, v1: f64):
;; @0055                               v2 = load.i64 notrap aligned readonly can_move v0+88
;; @0055                               store notrap aligned region0 v1, v2
;; @0057                               return
;; }
